import WeftProvider
import WeftProviderKit

extension CPUKernels {
    private static let triangles = Movement("Trilu") { node, width throws(WeftError) in
        let shape = node.inputShape(0)
        let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
        let upper = try node.flag("upper")
        let diagonal = try node.constantInts(1)?.first ?? 0
        let limit = rows + columns
        let shift = Swift.max(-limit, Swift.min(limit, diagonal))
        let lines = Array(shape.dropLast()).elementCount
        return { operands throws(WeftError) in
            let x = try operands.input(0)
            let y = try operands.output()
            try operands.workers.forEachRange(of: lines, grain: Swift.max(1, 32768 / Swift.max(columns, 1))) {
                range, _ in
                for line in range {
                    // The upper triangle begins, and the lower one ends before, this column.
                    let row = line % rows
                    let edge = Swift.max(0, Swift.min(columns, row + shift + (upper ? 0 : 1)))
                    let start = line * columns * width
                    let kept = upper ? edge..<columns : 0..<edge
                    let cleared = upper ? 0..<edge : edge..<columns
                    if kept.count > 0, UnsafeRawPointer(y) != x {
                        (y + (start + kept.lowerBound * width)).copyMemory(
                            from: x + (start + kept.lowerBound * width), byteCount: kept.count * width)
                    }
                    if cleared.count > 0 {
                        (y + (start + cleared.lowerBound * width)).initializeMemory(
                            as: UInt8.self, repeating: 0, count: cleared.count * width)
                    }
                }
            }
        }
    }

    /// The upper or lower triangle of each matrix, zeros elsewhere.
    static let trilu = triangles.numbers(inPlace: 0)

    private static let reversals = Movement("ReverseSequence") { node, width throws(WeftError) in
        let shape = node.inputShape(0)
        let timeFirst = try node.int("time_axis") == 0
        let (steps, batch) = timeFirst ? (shape[0], shape[1]) : (shape[1], shape[0])
        let bytes = Array(shape.dropFirst(2)).elementCount * width
        return { operands throws(WeftError) in
            let lengths = try operands.input(1).assumingMemoryBound(to: Int64.self)
            let x = try operands.input(0)
            let y = try operands.output()
            for sequence in 0..<batch {
                let length = lengths[sequence]
                guard length >= 0, length <= steps else {
                    throw WeftError(.invalidData, "sequence \(sequence) is \(length) long, the time axis \(steps)")
                }
                for step in 0..<steps {
                    let from = step < Int(length) ? Int(length) - 1 - step : step
                    let places =
                        timeFirst
                        ? (from * batch + sequence, step * batch + sequence)
                        : (sequence * steps + from, sequence * steps + step)
                    (y + places.1 * bytes).copyMemory(from: x + places.0 * bytes, byteCount: bytes)
                }
            }
        }
    }

    /// Each of a batch's sequences reversed over its own length.
    static let reverseSequence = reversals.numbers()
    static let reverseSequenceOfStrings = reversals.strings
}
