import Testing
import WeftVision

@Suite struct MaskTests {
    @Test func runsBeginWithPixelsOutside() {
        #expect(mask("..##.#").counts == [2, 2, 1, 1])
        #expect(mask("#.....").counts == [0, 1, 5])
        #expect(mask("......").counts == [6])
        #expect(mask("######").counts == [0, 6])
        #expect(mask("..##.#").area == 3)
        #expect(mask("......").area == 0)
        #expect(mask("..##.#").size == [2, 3])
    }

    private func mask(_ drawing: String) -> Mask {
        Mask(height: 2, width: 3, inside: drawing.map { $0 == "#" })
    }
}
