#include "isa.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if WEFT_X86
#include <cpuid.h>

/// Reads the register sets that the system saves; needs OSXSAVE.
static uint64_t saved_registers(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}
#endif

/// Asks the processor, and the system about its registers.
static int supported(weft_isa_kind isa) {
    if (isa == WEFT_ISA_GENERIC) return 1;
#if WEFT_X86
    uint32_t a, b, c, d, b7, c7, d7;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
    const int fma = c >> 12 & 1, xsave = c >> 27 & 1;
    if (!fma || !xsave || !__get_cpuid_count(7, 0, &a, &b7, &c7, &d7)) return 0;
    const uint64_t saved = saved_registers();
    const int avx2 = (b7 >> 5 & 1) && (saved & 0x6) == 0x6;
    if (isa == WEFT_ISA_AVX2) return avx2;
    const uint32_t f_dq_bw_vl = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    if (isa == WEFT_ISA_AVX512) return avx2 && (b7 & f_dq_bw_vl) == f_dq_bw_vl && (saved & 0xe6) == 0xe6;
#endif
    return WEFT_ARM && isa == WEFT_ISA_NEON;
}

static const weft_isa_kind best_first[] = {WEFT_ISA_AVX512, WEFT_ISA_AVX2, WEFT_ISA_NEON, WEFT_ISA_GENERIC};
enum { kinds = sizeof best_first / sizeof best_first[0] };

const char *weft_isa_name(weft_isa_kind isa) {
    switch (isa) {
    case WEFT_ISA_AVX512: return "avx512";
    case WEFT_ISA_AVX2: return "avx2";
    case WEFT_ISA_NEON: return "neon";
    case WEFT_ISA_GENERIC: break;
    }
    return "generic";
}

static weft_isa_kind choose(void) {
    const char *wanted = getenv("WEFT_ISA");
    for (int i = 0; wanted && i < kinds; i++)
        if (strcmp(wanted, weft_isa_name(best_first[i])) == 0 && supported(best_first[i])) return best_first[i];
    for (int i = 0; i < kinds; i++)
        if (supported(best_first[i])) return best_first[i];
    return WEFT_ISA_GENERIC;
}

// Kinds are stored plus one: zero stands for "not chosen yet" and "no override".
static _Atomic int chosen;
static _Thread_local int overriding;

weft_isa_kind weft_isa(void) {
    if (overriding) return (weft_isa_kind)(overriding - 1);
    int known = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (!known) {
        known = (int)choose() + 1;
        atomic_store_explicit(&chosen, known, memory_order_relaxed);
    }
    return (weft_isa_kind)(known - 1);
}

int weft_isa_override(weft_isa_kind isa) {
    if (!supported(isa)) return 0;
    overriding = (int)isa + 1;
    return 1;
}

void weft_isa_restore(void) { overriding = 0; }
