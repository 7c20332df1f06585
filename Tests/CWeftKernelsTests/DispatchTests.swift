import CWeftKernels
import Testing

@Test func overridingHoldsOnlyForWhatRunsHere() {
    defer { weft_isa_restore() }
    let chosen = weft_isa()
    #expect(instructionSets.contains(chosen))
    for isa in [WEFT_ISA_GENERIC, WEFT_ISA_AVX2, WEFT_ISA_AVX512, WEFT_ISA_NEON] {
        weft_isa_restore()
        let accepted = weft_isa_override(isa) != 0
        #expect(accepted == instructionSets.contains(isa))
        #expect(weft_isa() == (accepted ? isa : chosen))
    }
    weft_isa_restore()
    #expect(weft_isa() == chosen)
}

@Test func instructionSetsHaveNamesOfTheirOwn() {
    let names = [WEFT_ISA_GENERIC, WEFT_ISA_AVX2, WEFT_ISA_AVX512, WEFT_ISA_NEON].map {
        String(cString: weft_isa_name($0))
    }
    #expect(names == ["generic", "avx2", "avx512", "neon"])
}
