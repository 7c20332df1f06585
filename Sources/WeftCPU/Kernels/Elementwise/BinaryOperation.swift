import CWeftKernels
import WeftProvider

/// A function of two numbers of one type, whose result has that type.
protocol BinaryOperation: SendableMetatype {
    /// The vector loop that computes it on float32, if there is one.
    static var vector: weft_binary? { get }
    /// Whether an integer zero as second operand is an error.
    static var divides: Bool { get }
    static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N
}

extension BinaryOperation {
    static var vector: weft_binary? { nil }
    static var divides: Bool { false }
}

enum Addition: BinaryOperation {
    static var vector: weft_binary? { WEFT_ADD }
    static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .sum(a, b) }
}

enum Subtraction: BinaryOperation {
    static var vector: weft_binary? { WEFT_SUB }
    static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .difference(a, b) }
}

enum Multiplication: BinaryOperation {
    static var vector: weft_binary? { WEFT_MUL }
    static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .product(a, b) }
}

enum Division: BinaryOperation {
    static var vector: weft_binary? { WEFT_DIV }
    static var divides: Bool { true }
    static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .quotient(a, b) }
}

enum FlooredRemainder: BinaryOperation {
    static var divides: Bool { true }
    static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .flooredRemainder(a, b) }
}

enum TruncatedRemainder: BinaryOperation {
    static var divides: Bool { true }
    static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .truncatedRemainder(a, b) }
}

/// The first operand where it is not negative, else its product with the second, the slope.
enum SlopedRectifier: BinaryOperation {
    static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { a < .zero ? .product(a, b) : a }
}

enum Larger: BinaryOperation {
    static var vector: weft_binary? { WEFT_MAX }
    static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .larger(a, b) }
}

enum Smaller: BinaryOperation {
    static var vector: weft_binary? { WEFT_MIN }
    static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .smaller(a, b) }
}

/// The loop of a binary operation over a broadcast.
struct BinaryLoop<Operation: BinaryOperation>: NumberVisitor {
    let plan: Broadcast
    /// Elements of the second operand.
    let divisors: Int

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let plan = plan
        let checked = Operation.divides && T.Work.isInteger ? divisors : 0
        let (stepA, stepB) = (plan.step(1), plan.step(2))
        return { invocation throws(WeftError) in
            let a = invocation.input(0, as: T.self)
            let b = invocation.input(1, as: T.self)
            let y = invocation.output(0, as: T.self)
            for index in 0..<checked where b[index].work == .zero {
                throw WeftError(.invalidData, "an integer is divided by zero: element \(index) of input 1")
            }
            try plan.forEachPiece(invocation.workers) { row, start, length in
                let a = a + (plan.offset(1, row: row) + start * stepA)
                let b = b + (plan.offset(2, row: row) + start * stepB)
                let y = y + (plan.offset(0, row: row) + start)
                if stepB == 0 {
                    let scalar = b.pointee.work
                    for index in 0..<length {
                        y[index] = T(work: Operation.apply(a[index &* stepA].work, scalar))
                    }
                } else if stepA == 0 {
                    let scalar = a.pointee.work
                    for index in 0..<length { y[index] = T(work: Operation.apply(scalar, b[index].work)) }
                } else {
                    for index in 0..<length {
                        y[index] = T(work: Operation.apply(a[index].work, b[index].work))
                    }
                }
            }
        }
    }

    /// The same on float32, by vector loops over rows.
    static func vectorBody(_ operation: weft_binary, _ plan: Broadcast) -> HostKernel.Body {
        let (stepA, stepB) = (plan.step(1), plan.step(2))
        let length = plan.rowLength
        // Rows of the innermost dimension but one stand in one call.
        let outer = plan.dimensions.count - 2
        guard outer >= 0, length > 0, length <= 16_000 else { return piecesBody(operation, plan) }
        let (rows, strides) = (plan.dimensions[outer], plan.strides.map { $0[outer] })
        let grain = 1 + 16_000 / length
        return { invocation throws(WeftError) in
            let a = invocation.input(0, as: Float.self)
            let b = invocation.input(1, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            try invocation.workers.forEachRange(of: plan.count / length, grain: grain) { range, _ in
                var row = range.lowerBound
                while row < range.upperBound {
                    let count = Swift.min(range.upperBound - row, rows - row % rows)
                    weft_binary_rows_f32(
                        operation, count, length, a + plan.offset(1, row: row), strides[1], stepA,
                        b + plan.offset(2, row: row), strides[2], stepB, y + plan.offset(0, row: row), strides[0])
                    row += count
                }
            }
        }
    }

    private static func piecesBody(_ operation: weft_binary, _ plan: Broadcast) -> HostKernel.Body {
        let (stepA, stepB) = (plan.step(1), plan.step(2))
        return { invocation throws(WeftError) in
            let a = invocation.input(0, as: Float.self)
            let b = invocation.input(1, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            try plan.forEachPiece(invocation.workers) { row, start, length in
                weft_binary_f32(
                    operation, length, a + (plan.offset(1, row: row) + start * stepA), stepA,
                    b + (plan.offset(2, row: row) + start * stepB), stepB, y + (plan.offset(0, row: row) + start))
            }
        }
    }
}

extension CPUKernels {
    /// A row for an operation on two tensors that broadcast.
    static func binary<Operation: BinaryOperation>(
        _ opType: String, _ types: ElementTypes, _ rate: RateKey, _ operation: Operation.Type,
        if condition: Condition = .always
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(types), if: condition,
            variants: { node, _ in binaryVariants(node, rate) },
            kernel: HostKernel { node throws(WeftError) in
                let plan = Broadcast(binary: node.view)
                if let vector = Operation.vector, node.view.inputType(0) == .float32 {
                    return BinaryLoop<Operation>.vectorBody(vector, plan)
                }
                return try BinaryLoop<Operation>(plan: plan, divisors: node.view.inputShape(1).elementCount)
                    .dispatch(node.view.inputType(0))
            })
    }

    /// `plain`, and `nhwc` where each operand is of the output's shape or is one number a channel or for all.
    static func binaryVariants(_ node: NodeView, _ rate: RateKey) -> [Variant] {
        let work = Work.elements(of: node, rate: node.outputType(0) == .float32 ? rate : .reference)
        var variants = [Variant("plain", work: work, inPlace: Variant.sharing(node))]
        let shape = node.outputShape(0)
        guard shape.count == 4, node.outputType(0) == .float32, let first = node.input(0)?.shape,
            let second = node.input(1)?.shape
        else { return variants }
        let full = [first == shape, second == shape]
        let small = [Broadcast.isPerChannel(first, of: shape), Broadcast.isPerChannel(second, of: shape)]
        guard full[0] || full[1], full[0] || small[0], full[1] || small[1] else { return variants }
        variants.append(
            Variant(
                "nhwc", work: work, inputLayouts: full.map { $0 ? .nhwc : .plain }, outputLayouts: [.nhwc],
                inPlace: Variant.sharing(node)))
        return variants
    }
}

extension Broadcast {
    /// Whether a shape broadcasts to N, C, H, W with at most one element for each image and channel.
    static func isPerChannel(_ shape: [Int], of output: [Int]) -> Bool {
        guard shape.count <= 4 else { return false }
        let padded = [Int](repeating: 1, count: 4 - shape.count) + shape
        return zip(padded, output).prefix(2).allSatisfy { $0 == 1 || $0 == $1 } && padded[2] == 1 && padded[3] == 1
    }

    /// The broadcast of a node's first two inputs to its output, in the layouts that they have.
    init(binary node: NodeView) {
        let shape = node.outputShape(0)
        let inputs = [node.inputShape(0), node.inputShape(1)]
        guard node.output(0)?.layout == .nhwc else {
            self.init(output: shape, inputs: inputs)
            return
        }
        let pixel = Layout.pixelStride(channels: shape[1])
        let area = shape[2] * shape[3]
        let strides = [node.output(0), node.input(0), node.input(1)].map { operand -> [Int] in
            guard let operand, operand.layout != .nhwc else { return [area * pixel, pixel, 1] }
            let padded = [Int](repeating: 1, count: Swift.max(0, 4 - operand.shape.count)) + operand.shape
            return [padded[0] > 1 ? padded[1] : 0, 0, padded[1] > 1 ? 1 : 0]
        }
        // Buffers without a per-channel operand are dense: padding is computed with.
        if strides.allSatisfy({ $0[1] == pixel || $0 == [0, 0, 0] }) {
            self.init(dimensions: [shape[0] * area * pixel], strides: strides.map { [$0[2]] })
        } else {
            self.init(dimensions: [shape[0], area, shape[1]], strides: strides)
        }
    }
}
