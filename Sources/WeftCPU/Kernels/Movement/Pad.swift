import WeftProvider
import WeftProviderKit

/// Which element of an axis each place of the padded axis has; nil for one that is filled.
private func sources(size: Int, before: Int, result: Int, mode: String) -> [Int?] {
    (0..<result).map { place in
        let index = place - before
        if index >= 0, index < size { return index }
        guard size > 0 else { return nil }
        switch mode {
        case "edge": return index < 0 ? 0 : size - 1
        case "wrap": return ((index % size) + size) % size
        case "reflect":
            guard size > 1 else { return 0 }
            let period = 2 * (size - 1)
            let phase = ((index % period) + period) % period
            return phase < size ? phase : period - phase
        default: return nil
        }
    }
}

/// Copies along tables of source coordinates, one table an axis.
private struct PadLoop: WordVisitor {
    let shape: [Int]
    let tables: [[Int?]]
    /// The places of the last axis that are one piece of the source, and where in the source that begins.
    let inside: (places: Range<Int>, start: Int)
    let strides: [Int]
    let operands: MovedOperands

    func visit<Word: BitwiseCopyable & Sendable>(_ type: Word.Type) throws(WeftError) {
        let x = try operands.input(0).assumingMemoryBound(to: Word.self)
        let y = try operands.output().assumingMemoryBound(to: Word.self)
        let zero = [UInt64](repeating: 0, count: 2)
        let fill: Word = zero.withUnsafeBytes { bytes in
            if operands.inputs.count > 2, let value = operands.inputs[2] { return value.loadUnaligned(as: Word.self) }
            return bytes.loadUnaligned(as: Word.self)
        }
        guard let last = shape.indices.last else {
            y.pointee = x.pointee
            return
        }
        let length = shape[last]
        let rows = Array(shape.dropLast()).elementCount
        guard length > 0, rows > 0 else { return }
        let step = Swift.max(1, 16384 / length)
        try operands.workers.forEachRange(of: rows, grain: step) { range, _ in
            for row in range {
                var rest = row
                var offset: Int? = 0
                for axis in stride(from: last - 1, through: 0, by: -1) {
                    let (quotient, index) = rest.quotientAndRemainder(dividingBy: shape[axis])
                    rest = quotient
                    if let place = tables[axis][index] {
                        offset = offset.map { $0 + place * strides[axis] }
                    } else {
                        offset = nil
                    }
                }
                let target = y + row * length
                guard let offset else {
                    target.update(repeating: fill, count: length)
                    continue
                }
                let places = inside.places
                for index in 0..<places.lowerBound {
                    target[index] = tables[last][index].map { x[offset + $0] } ?? fill
                }
                (target + places.lowerBound).update(from: x + (offset + inside.start), count: places.count)
                for index in places.upperBound..<length {
                    target[index] = tables[last][index].map { x[offset + $0] } ?? fill
                }
            }
        }
    }
}

extension CPUKernels {
    private static let pads = Movement("Pad", moved: { $0 == 0 || $0 == 2 }) { node, width throws(WeftError) in
        let (x, shape) = (node.inputShape(0), node.outputShape(0))
        let given = try node.ints("pads")
        let mode = try node.string("mode")
        let tables = x.indices.map { sources(size: x[$0], before: given[$0], result: shape[$0], mode: mode) }
        var inside = (places: 0..<0, start: 0)
        if let last = x.indices.last, x[last] > 0, given[last] < shape[last], given[last] > -x[last] {
            let first = Swift.max(0, given[last])
            inside = (first..<Swift.max(first, Swift.min(shape[last], given[last] + x[last])), first - given[last])
        }
        let piece = inside
        return { operands throws(WeftError) in
            try PadLoop(
                shape: shape, tables: tables, inside: piece, strides: x.rowMajorStrides, operands: operands
            ).dispatch(width: width)
        }
    }

    /// The input with elements added round it, or taken away.
    static let pad = pads.numbers()
    static let padOfStrings = pads.strings
}
