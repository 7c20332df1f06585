import WeftProvider
import WeftProviderKit

extension CPUKernels {
    private static let gathers = Movement("Gather") { node, width throws(WeftError) in
        let split = AxisSplit(node.inputShape(0), axis: try node.axis("axis"))
        let count = node.inputShape(1).elementCount
        let type = node.inputType(1)
        let bytes = split.inner * width
        return { operands throws(WeftError) in
            let x = try operands.input(0)
            let y = try operands.output()
            let indices = Indices(try operands.input(1), type)
            for position in 0..<count { _ = try indices.resolved(position, size: split.length) }
            guard bytes > 0 else { return }
            let grain = Swift.max(1, 131072 / bytes)
            try operands.workers.forEachRange(of: split.outer * count, grain: grain) { range, _ in
                for place in range {
                    let (outer, position) = place.quotientAndRemainder(dividingBy: count)
                    let index = indices[position]
                    let source = outer &* split.length &+ (index < 0 ? index &+ split.length : index)
                    (y + place &* bytes).copyMemory(from: x + source &* bytes, byteCount: bytes)
                }
            }
        }
    }

    /// Slices along an axis, one for each index.
    static let gather = gathers.numbers()
    static let gatherOfStrings = gathers.strings

    private static let elementGathers = Movement("GatherElements") { node, width throws(WeftError) in
        let walk = ElementWalk(indices: node.inputShape(1), data: node.inputShape(0), axis: try node.axis("axis"))
        let type = node.inputType(1)
        return { operands throws(WeftError) in
            try GatherLoop(walk: walk, type: type, operands: operands).dispatch(width: width)
        }
    }

    /// Elements whose place along an axis an index of the same coordinates says.
    static let gatherElements = elementGathers.numbers()
    static let gatherElementsOfStrings = elementGathers.strings

    private static let slicedGathers = Movement("GatherND") { node, width throws(WeftError) in
        let (x, shape) = (node.inputShape(0), node.inputShape(1))
        let batch = try node.int("batch_dims")
        let depth = shape.last ?? 0
        let tuples = Array(shape.dropLast()).elementCount
        let places = Swift.max(1, Array(shape[batch..<(shape.count - 1)]).elementCount)
        let sizes = Array(x[batch..<(batch + depth)])
        let steps = Array(x.rowMajorStrides[batch..<(batch + depth)])
        let block = Array(x[batch...]).elementCount
        let bytes = Array(x[(batch + depth)...]).elementCount * width
        let type = node.inputType(1)
        return { operands throws(WeftError) in
            let x = try operands.input(0)
            let y = try operands.output()
            let indices = Indices(try operands.input(1), type)
            for tuple in 0..<tuples {
                var offset = tuple / places * block
                for level in 0..<depth {
                    offset += try indices.resolved(tuple * depth + level, size: sizes[level]) * steps[level]
                }
                (y + tuple * bytes).copyMemory(from: x + offset * width, byteCount: bytes)
            }
        }
    }

    /// Slices at coordinates.
    static let gatherND = slicedGathers.numbers()
    static let gatherNDOfStrings = slicedGathers.strings
}

/// The walk over indices whose shape may be smaller than the data's: where in the data each belongs.
struct ElementWalk: Sendable {
    let shape: [Int]
    let count: Int
    /// The data's strides, zero along the axis that the indices replace.
    private let strides: [Int]
    let size: Int
    let step: Int

    init(indices: [Int], data: [Int], axis: Int) {
        shape = indices
        count = indices.elementCount
        var strides = data.rowMajorStrides
        step = strides[axis]
        size = data[axis]
        strides[axis] = 0
        self.strides = strides
    }

    /// The offset of an index's coordinates, its own axis apart.
    @inline(__always)
    func base(_ position: Int) -> Int {
        var rest = position
        var offset = 0
        for axis in stride(from: shape.count - 1, through: 0, by: -1) {
            let (quotient, index) = rest.quotientAndRemainder(dividingBy: shape[axis])
            offset &+= index &* strides[axis]
            rest = quotient
        }
        return offset
    }
}

private struct GatherLoop: WordVisitor {
    let walk: ElementWalk
    let type: ElementType?
    let operands: MovedOperands

    func visit<Word: BitwiseCopyable & Sendable>(_: Word.Type) throws(WeftError) {
        let x = try operands.input(0).assumingMemoryBound(to: Word.self)
        let y = try operands.output().assumingMemoryBound(to: Word.self)
        let indices = Indices(try operands.input(1), type)
        for position in 0..<walk.count {
            let index = try indices.resolved(position, size: walk.size)
            y[position] = x[walk.base(position) &+ index &* walk.step]
        }
    }
}
