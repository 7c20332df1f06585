#include "../isa/isa.h"

#if WEFT_X86
#include "../simd/avx512.h"

#include "simd.h"

#include "../simd/end.h"
#endif
