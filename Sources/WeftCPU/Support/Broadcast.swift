import WeftProvider
import WeftProviderKit

/// How operands run along an output that they are broadcast to: as few dimensions as can be, and strides.
///
/// Dimensions of size 1 are gone, and neighbours that every operand walks evenly are one. Operand 0 is the output.
/// The last dimension is the *row*: along it each operand has stride 1 or 0 (one element for the whole row).
struct Broadcast: Sendable {
    let dimensions: [Int]
    /// Strides by operand, in elements.
    let strides: [[Int]]
    let count: Int
    let rowLength: Int

    /// Dense operands of the given shapes, each of which broadcasts to `output`.
    init(output: [Int], inputs: [[Int]]) {
        let operands = ([output] + inputs).map { shape in
            let padding = Swift.max(0, output.count - shape.count)
            let strides = zip(shape, shape.rowMajorStrides).map { $0 == 1 ? 0 : $1 }
            return [Int](repeating: 0, count: padding) + strides
        }
        self.init(dimensions: output, strides: operands)
    }

    /// Operands with strides of their own; a row whose operands have other strides than 0 and 1 gets one of length 1.
    init(dimensions sizes: [Int], strides given: [[Int]]) {
        var dimensions: [Int] = []
        var strides = given.map { _ in [Int]() }
        for (axis, size) in sizes.enumerated() where size != 1 {
            let merges =
                !dimensions.isEmpty
                && given.indices.allSatisfy { operand in
                    strides[operand][dimensions.count - 1] == given[operand][axis] &* size
                }
            if merges {
                dimensions[dimensions.count - 1] &*= size
                for operand in given.indices { strides[operand][dimensions.count - 1] = given[operand][axis] }
            } else {
                dimensions.append(size)
                for operand in given.indices { strides[operand].append(given[operand][axis]) }
            }
        }
        if dimensions.isEmpty || strides.contains(where: { !(0...1).contains($0[dimensions.count - 1]) }) {
            dimensions.append(1)
            for operand in given.indices { strides[operand].append(0) }
        }
        self.dimensions = dimensions
        self.strides = strides
        count = sizes.elementCount
        rowLength = dimensions[dimensions.count - 1]
    }

    /// The stride of an operand along a row: 0 or 1.
    func step(_ operand: Int) -> Int { strides[operand][dimensions.count - 1] }

    /// Where an operand's part of a row begins.
    @inline(__always)
    func offset(_ operand: Int, row: Int) -> Int {
        guard dimensions.count > 1 else { return 0 }
        if dimensions.count == 2 { return row &* strides[operand][0] }
        var rest = row
        var offset = 0
        for axis in stride(from: dimensions.count - 2, to: 0, by: -1) {
            let (quotient, index) = rest.quotientAndRemainder(dividingBy: dimensions[axis])
            offset &+= index &* strides[operand][axis]
            rest = quotient
        }
        return offset &+ rest &* strides[operand][0]
    }

    /// Runs `body` for the pieces of rows: the row, where in the row the piece starts, and its length.
    ///
    /// Pieces are short enough to stay in a core's cache while several operands are folded into them.
    func forEachPiece(
        _ workers: any Workers, _ body: (_ row: Int, _ start: Int, _ length: Int) -> Void
    ) throws(WeftError) {
        try workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
            var position = range.lowerBound
            while position < range.upperBound {
                let (row, start) = position.quotientAndRemainder(dividingBy: rowLength)
                let length = Swift.min(rowLength - start, range.upperBound - position, 32768)
                body(row, start, length)
                position += length
            }
        }
    }
}
