#pragma once

#pragma clang assume_nonnull begin

/// Instruction sets that a kernel may be written for, as one table row each.
typedef enum weft_isa_kind {
    WEFT_ISA_GENERIC = 0,
    WEFT_ISA_AVX2 = 1,
    WEFT_ISA_AVX512 = 2,
    WEFT_ISA_NEON = 3,
} weft_isa_kind;

/// The instruction set that dispatch uses on this thread.
///
/// The best that processor and system support, unless `WEFT_ISA` (generic, avx2, avx512, neon) names a lesser one:
/// a name that is unknown or not supported here is ignored.
weft_isa_kind weft_isa(void);

/// The name of an instruction set, as `WEFT_ISA` spells it.
const char *weft_isa_name(weft_isa_kind isa);

/// Makes this thread dispatch to `isa`, for tests and benchmarks; returns 0 and changes nothing where it can't run.
int weft_isa_override(weft_isa_kind isa);

/// Ends `weft_isa_override` on this thread.
void weft_isa_restore(void);

#pragma clang assume_nonnull end
