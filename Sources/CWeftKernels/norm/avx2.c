#include "../isa/isa.h"

#if WEFT_X86
// Two registers side by side hide the latency of exponentials. No such pair crosses a call.
#pragma clang diagnostic ignored "-Wpsabi"
#define WEFT_LANES 16
#include "../simd/avx2.h"

#include "simd.h"

#include "../simd/end.h"
#endif
