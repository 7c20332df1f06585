#include "include/CBenchmarks.h"

enum { chains = 12 };

/// Defines a function of `rounds` rounds of one multiply-add for each chain, on vectors of `lanes` floats.
#define MULTIPLY_ADDS(name, lanes, attributes)                                                               \
    attributes static double name(long rounds, float *sink) {                                                \
        typedef float wide __attribute__((vector_size(lanes * 4)));                                          \
        const wide factor = (wide){0} + 0.999f + *sink, addend = (wide){0} + 0.001f + *sink;                 \
        wide sum[chains];                                                                                    \
        for (int c = 0; c < chains; c++) sum[c] = addend + (float)c;                                         \
        for (long r = 0; r < rounds; r++) {                                                                  \
            _Pragma("clang loop unroll(full)") for (int c = 0; c < chains; c++)                              \
                sum[c] = sum[c] * factor + addend;                                                           \
        }                                                                                                    \
        for (int c = 1; c < chains; c++) sum[0] += sum[c];                                                   \
        for (int l = 0; l < lanes; l++) *sink += sum[0][l];                                                  \
        return 2.0 * lanes * chains * (double)rounds;                                                        \
    }

#if defined(__x86_64__)
MULTIPLY_ADDS(on_avx512, 16, __attribute__((target("avx512f"))))
MULTIPLY_ADDS(on_avx2, 8, __attribute__((target("avx2,fma"))))
#endif
MULTIPLY_ADDS(on_generic, 4, )

double weft_benchmark_multiply_adds(weft_isa_kind isa, long rounds, float *sink) {
#if defined(__x86_64__)
    if (isa == WEFT_ISA_AVX512) return on_avx512(rounds, sink);
    if (isa == WEFT_ISA_AVX2) return on_avx2(rounds, sink);
#endif
    return on_generic(rounds, sink);
}
