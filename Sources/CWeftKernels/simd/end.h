// Ends what avx2.h or a sibling began.
#pragma clang attribute pop
