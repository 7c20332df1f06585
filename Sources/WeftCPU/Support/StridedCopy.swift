import CWeftKernels
import WeftProvider
import WeftProviderKit

/// A copy of elements from one strided place to another: what most of data movement comes down to.
///
/// Dimensions of size 1 are gone and neighbours that both sides walk evenly are one, so that a row, the last
/// dimension, is as long as can be. Strides count elements and may be zero or negative.
struct StridedCopy: Sendable {
    private(set) var dimensions: [Int] = []
    private(set) var target: [Int] = []
    private(set) var source: [Int] = []
    let targetOffset: Int
    let sourceOffset: Int
    let count: Int
    let width: Int

    init(
        _ sizes: [Int], to targetStrides: [Int], targetOffset: Int = 0, from sourceStrides: [Int],
        sourceOffset: Int = 0, width: Int
    ) {
        self.targetOffset = targetOffset
        self.sourceOffset = sourceOffset
        self.width = width
        count = sizes.elementCount
        for (axis, size) in sizes.enumerated() where size != 1 {
            if let last = dimensions.indices.last, target[last] == targetStrides[axis] &* size,
                source[last] == sourceStrides[axis] &* size
            {
                dimensions[last] &*= size
                target[last] = targetStrides[axis]
                source[last] = sourceStrides[axis]
            } else {
                dimensions.append(size)
                target.append(targetStrides[axis])
                source.append(sourceStrides[axis])
            }
        }
        if dimensions.isEmpty {
            (dimensions, target, source) = ([1], [1], [1])
        }
    }

    /// A dense target.
    init(_ sizes: [Int], from sourceStrides: [Int], sourceOffset: Int = 0, width: Int) {
        self.init(sizes, to: sizes.rowMajorStrides, from: sourceStrides, sourceOffset: sourceOffset, width: width)
    }

    func run(_ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, _ workers: any Workers) throws(WeftError) {
        guard count > 0 else { return }
        let last = dimensions.count - 1
        let from = from + sourceOffset &* width
        let to = to + targetOffset &* width
        if target[last] == 1, source[last] == 1, dimensions[last] > 16 || last == 0 {
            return try copyRows(from, to, workers)
        }
        if width == 4, target[last] == 1, let turned = transposed { return try transpose(turned, from, to, workers) }
        try Loop(copy: self, from: from, to: to, workers: workers).dispatch(width: width)
    }

    /// The dimension along which the source is dense, where the last is one that a register transpose can turn.
    private var transposed: Int? {
        let last = dimensions.count - 1
        guard source[last] >= 1, let other = source.firstIndex(of: 1), other != last, target[other] >= 1,
            source[last] >= dimensions[other], target[other] >= dimensions[last], dimensions[other] >= 4,
            dimensions[last] >= 4
        else { return nil }
        return other
    }

    private func copyRows(
        _ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, _ workers: any Workers
    ) throws(WeftError) {
        let length = dimensions[dimensions.count - 1]
        try workers.forEachRange(of: count, grain: Swift.max(1, 131072 / width)) { range, _ in
            var position = range.lowerBound
            while position < range.upperBound {
                let (row, start) = position.quotientAndRemainder(dividingBy: length)
                let piece = Swift.min(length - start, range.upperBound - position)
                let (read, write) = offsets(row: row)
                (to + (write + start) &* width).copyMemory(
                    from: from + (read + start) &* width, byteCount: piece &* width)
                position += piece
            }
        }
    }

    /// Turns the planes of the last dimension and `other`, bands of columns at a time.
    private func transpose(
        _ other: Int, _ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, _ workers: any Workers
    ) throws(WeftError) {
        let last = dimensions.count - 1
        let (rows, columns) = (dimensions[last], dimensions[other])
        var outer = self
        outer.dimensions[other] = 1
        let planes = count / (rows * columns)
        let band = Swift.max(16, 32768 / rows / 16 * 16)
        let bands = (columns - 1) / band + 1
        let x = from.assumingMemoryBound(to: Float.self)
        let y = to.assumingMemoryBound(to: Float.self)
        let (sourceRow, targetRow) = (source[last], target[other])
        let plan = outer
        try workers.forEach(planes * bands) { chunk, _ in
            let (plane, index) = chunk.quotientAndRemainder(dividingBy: bands)
            let (read, write) = plan.offsets(row: plane)
            let first = index * band
            weft_transpose_f32(
                rows, Swift.min(band, columns - first), x + (read + first), sourceRow,
                y + (write + first &* targetRow), targetRow)
        }
    }

    /// Where a row begins on both sides.
    @inline(__always)
    func offsets(row: Int) -> (source: Int, target: Int) {
        var rest = row
        var (read, write) = (0, 0)
        for axis in stride(from: dimensions.count - 2, through: 0, by: -1) {
            let (quotient, index) = rest.quotientAndRemainder(dividingBy: dimensions[axis])
            read &+= index &* source[axis]
            write &+= index &* target[axis]
            rest = quotient
        }
        return (read, write)
    }

    /// Runs `body` for every row, stepping from one to the next: what short rows, of which there are many, ask for.
    @inline(__always)
    private func forEachShortRow(
        _ workers: any Workers, _ body: (_ source: Int, _ target: Int) -> Void
    ) throws(WeftError) {
        let last = dimensions.count - 1
        let (length, lines) = (dimensions[last], dimensions[last - 1])
        let (readStep, writeStep) = (source[last - 1], target[last - 1])
        try workers.forEachRange(of: count / length, grain: Swift.max(1, 32768 / length)) { range, _ in
            var row = range.lowerBound
            while row < range.upperBound {
                let run = Swift.min(lines - row % lines, range.upperBound - row)
                var (read, write) = offsets(row: row)
                for _ in 0..<run {
                    body(read, write)
                    read &+= readStep
                    write &+= writeStep
                }
                row += run
            }
        }
    }

    /// Element by element.
    private struct Loop: WordVisitor {
        let copy: StridedCopy
        let from: UnsafeRawPointer
        let to: UnsafeMutableRawPointer
        let workers: any Workers

        func visit<Word: BitwiseCopyable & Sendable>(_ type: Word.Type) throws(WeftError) {
            let x = from.assumingMemoryBound(to: Word.self)
            let y = to.assumingMemoryBound(to: Word.self)
            let last = copy.dimensions.count - 1
            let length = copy.dimensions[last]
            let (readStep, writeStep) = (copy.source[last], copy.target[last])
            if length <= 16, last > 0 {
                try copy.forEachShortRow(workers) { read, write in
                    for index in 0..<length { y[write &+ index &* writeStep] = x[read &+ index &* readStep] }
                }
                return
            }
            try workers.forEachRange(of: copy.count, grain: 32768, step: 64) { range, _ in
                var position = range.lowerBound
                while position < range.upperBound {
                    let (row, start) = position.quotientAndRemainder(dividingBy: length)
                    let piece = Swift.min(length - start, range.upperBound - position)
                    let (read, write) = copy.offsets(row: row)
                    let source = x + (read + start &* readStep)
                    let target = y + (write + start &* writeStep)
                    if readStep == 0 {
                        let value = source.pointee
                        for index in 0..<piece { target[index &* writeStep] = value }
                    } else {
                        for index in 0..<piece { target[index &* writeStep] = source[index &* readStep] }
                    }
                    position += piece
                }
            }
        }
    }
}
