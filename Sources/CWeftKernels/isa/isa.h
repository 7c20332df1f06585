#pragma once

#include "../include/weft_isa.h"

#if defined(__x86_64__)
#define WEFT_X86 1
#else
#define WEFT_X86 0
#endif

#if defined(__aarch64__)
#define WEFT_ARM 1
#else
#define WEFT_ARM 0
#endif

/// Whether code written for `row` may run where `isa` was chosen.
static inline int weft_isa_covers(weft_isa_kind isa, weft_isa_kind row) {
    return row == isa || row == WEFT_ISA_GENERIC || (row == WEFT_ISA_AVX2 && isa == WEFT_ISA_AVX512);
}

/// Defines `name()`: the first of `rows` (pointers, best first, generic last) that the chosen instruction set covers.
#define WEFT_DISPATCH(name, type, rows)                                                                      \
    const type *name(void) {                                                                                 \
        const weft_isa_kind isa = weft_isa();                                                                \
        const type *const *row = rows;                                                                       \
        while (!weft_isa_covers(isa, (*row)->isa)) row++;                                                    \
        return *row;                                                                                         \
    }
