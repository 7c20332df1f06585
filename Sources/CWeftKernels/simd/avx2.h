// Begins a file's AVX2 code; ends with end.h. Not guarded: each including file is one translation unit.
#include <immintrin.h>

#ifndef WEFT_LANES
#define WEFT_LANES 8
#endif
#define WEFT_AVX2 1
#define WEFT_NAME(stem) stem##_avx2
#define WEFT_ROW WEFT_ISA_AVX2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#include "simd.h"
