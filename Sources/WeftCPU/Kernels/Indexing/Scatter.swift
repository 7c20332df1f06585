import WeftProvider
import WeftProviderKit

/// Where updates go: offsets into the data, in elements, and how many elements each update has.
private struct Targets: Sendable {
    let count: Int
    let length: Int
    let offset: @Sendable (Indices, Int) throws(WeftError) -> Int

    init(elements node: NodeView) throws(WeftError) {
        let walk = ElementWalk(indices: node.inputShape(1), data: node.inputShape(0), axis: try node.axis("axis"))
        count = walk.count
        length = 1
        offset = { indices, position throws(WeftError) in
            walk.base(position) + (try indices.resolved(position, size: walk.size)) * walk.step
        }
    }

    init(slices node: NodeView) throws(WeftError) {
        let (x, shape) = (node.inputShape(0), node.inputShape(1))
        let depth = shape.last ?? 0
        count = Array(shape.dropLast()).elementCount
        length = Array(x[depth...]).elementCount
        let steps = x.rowMajorStrides
        offset = { indices, position throws(WeftError) in
            var offset = 0
            for level in 0..<depth {
                offset += try indices.resolved(position * depth + level, size: x[level]) * steps[level]
            }
            return offset
        }
    }
}

private struct ScatterLoop<Operation: BinaryFormula>: NumberVisitor {
    let targets: Targets
    let count: Int
    let indexType: ElementType?

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let (targets, count, indexType) = (targets, count, indexType)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: T.self)
            let updates = invocation.input(2, as: T.self)
            let y = invocation.output(0, as: T.self)
            if UnsafePointer(y) != x { y.update(from: x, count: count) }
            let indices = Indices(UnsafeRawPointer(invocation.input(1, as: UInt8.self)), indexType)
            for position in 0..<targets.count {
                let offset = try targets.offset(indices, position)
                for index in 0..<targets.length {
                    let update = updates[position * targets.length + index].work
                    y[offset + index] = T(work: Operation.apply(y[offset + index].work, update))
                }
            }
        }
    }
}

extension CPUKernels {
    private static func scatters(
        _ opType: String, _ targets: @escaping @Sendable (NodeView) throws(WeftError) -> Targets
    ) -> Movement {
        Movement(opType, moved: { $0 != 1 }) { node, width throws(WeftError) in
            let targets = try targets(node)
            let type = node.inputType(1)
            let bytes = node.inputShape(0).elementCount * width
            let piece = targets.length * width
            return { operands throws(WeftError) in
                let x = try operands.input(0)
                let updates = try operands.input(2)
                let y = try operands.output()
                if UnsafeRawPointer(y) != x { y.copyMemory(from: x, byteCount: bytes) }
                let indices = Indices(try operands.input(1), type)
                for position in 0..<targets.count {
                    let offset = try targets.offset(indices, position)
                    (y + offset * width).copyMemory(from: updates + position * piece, byteCount: piece)
                }
            }
        }
    }

    private static func reducing(
        _ opType: String, _ targets: @escaping @Sendable (NodeView) throws(WeftError) -> Targets
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(.numeric, operands: [1: [.int32, .int64]]),
            variants: { node, _ in
                [
                    Variant(
                        "plain", work: .elements(of: node, rate: .reference),
                        inPlace: node.input(0)?.type == node.output(0)?.type ? [.init(output: 0, input: 0)] : [])
                ]
            },
            kernel: HostKernel { node throws(WeftError) in
                let view = node.view
                let targets = try targets(view)
                let count = view.inputShape(0).elementCount
                let indexType = view.inputType(1)
                let type = view.inputType(0)
                switch try view.string("reduction") {
                case "add":
                    return try ScatterLoop<Binary.Sum>(targets: targets, count: count, indexType: indexType).dispatch(
                        type)
                case "mul":
                    return try ScatterLoop<Binary.Product>(targets: targets, count: count, indexType: indexType)
                        .dispatch(type)
                case "max":
                    return try ScatterLoop<Binary.Larger>(targets: targets, count: count, indexType: indexType)
                        .dispatch(type)
                default:
                    return try ScatterLoop<Binary.Smaller>(targets: targets, count: count, indexType: indexType)
                        .dispatch(type)
                }
            })
    }

    private static let replaces = Condition("reduction = none") { node, _ in
        if case .string(let reduction) = node.attributes["reduction"], reduction != "none" {
            return .attribute("reduction", got: reduction)
        }
        return nil
    }

    private static let elementScatters = scatters("ScatterElements") { node throws(WeftError) in
        try Targets(elements: node)
    }
    private static let slicedScatters = scatters("ScatterND") { node throws(WeftError) in try Targets(slices: node) }

    /// A tensor with elements replaced at places that indices say.
    static let scatterElements = elementScatters.numbers(inPlace: 0, if: replaces)
    static let scatterElementsOfStrings = elementScatters.strings
    static let scatterElementsReducing = reducing("ScatterElements") { node throws(WeftError) in
        try Targets(elements: node)
    }

    /// A tensor with slices replaced at coordinates.
    static let scatterND = slicedScatters.numbers(inPlace: 0, if: replaces)
    static let scatterNDOfStrings = slicedScatters.strings
    static let scatterNDReducing = reducing("ScatterND") { node throws(WeftError) in try Targets(slices: node) }
}
