// Begins a file's AVX-512 code; ends with end.h. Not guarded: each including file is one translation unit.
#include <immintrin.h>

#ifndef WEFT_LANES
#define WEFT_LANES 16
#endif
#define WEFT_AVX512 1
#define WEFT_NAME(stem) stem##_avx512
#define WEFT_ROW WEFT_ISA_AVX512
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma"))), apply_to = function)

#include "simd.h"
