import CWeftKernels
import Testing

/// The instruction sets that this machine runs, generic first.
let instructionSets: [weft_isa_kind] = [WEFT_ISA_GENERIC, WEFT_ISA_AVX2, WEFT_ISA_AVX512, WEFT_ISA_NEON].filter {
    defer { weft_isa_restore() }
    return weft_isa_override($0) != 0
}

/// Runs `body` once per instruction set, with this thread's dispatch held to it; failures carry its name.
func onEachInstructionSet(_ body: (String) throws -> Void) rethrows {
    defer { weft_isa_restore() }
    for isa in instructionSets {
        _ = weft_isa_override(isa)
        try body(String(cString: weft_isa_name(isa)))
    }
}

/// Repeatable numbers in -1 … 1.
struct Noise: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: Int = 1) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func floats(_ count: Int, _ range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &self) }
    }
}

/// Floats between two runs of a value that no kernel writes; `check` sees whether any was touched.
struct Guarded {
    static let mark: Float = -123_456.789
    private static let margin = 32
    private var storage: [Float]
    let count: Int

    init(_ count: Int, fill: Float = Guarded.mark) {
        self.count = count
        let margin = [Float](repeating: Self.mark, count: Self.margin)
        storage = margin + [Float](repeating: fill, count: count) + margin
    }

    init(_ values: [Float]) {
        self.init(values.count)
        storage.replaceSubrange(Self.margin..<Self.margin + count, with: values)
    }

    var values: ArraySlice<Float> { storage[Self.margin..<Self.margin + count] }

    subscript(index: Int) -> Float { storage[Self.margin + index] }

    mutating func write(_ body: (UnsafeMutablePointer<Float>) -> Void) {
        storage.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { body(base + Self.margin) }
        }
    }

    func check(_ comment: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation) {
        let margins = storage.prefix(Self.margin) + storage.suffix(Self.margin)
        if margins.contains(where: { $0 != Self.mark }) {
            Issue.record("\(comment()): wrote outside its output", sourceLocation: sourceLocation)
        }
    }
}

/// Whether two floats are the same special value, or no further apart than `tolerance`.
func isClose(_ actual: Float, _ expected: Double, within tolerance: Double) -> Bool {
    if expected.isNaN { return actual.isNaN }
    if Double(actual) == expected { return true }
    let nearest = Float(expected)
    if nearest.isInfinite || actual.isInfinite { return actual == nearest }
    return abs(Double(actual) - expected) <= tolerance
}

/// Records the first index where `actual` departs, with both values.
func expectClose(
    _ actual: some Collection<Float>, _ expected: [Double], within tolerance: Double,
    _ comment: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count else {
        Issue.record("\(comment()): \(actual.count) values, expected \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    for (index, pair) in zip(actual, expected).enumerated()
    where !isClose(pair.0, pair.1, within: tolerance) {
        Issue.record(
            "\(comment()): at \(index) \(pair.0), expected \(pair.1)", sourceLocation: sourceLocation)
        return
    }
}
