import CWeftKernels
import WeftProvider

/// Folds any number of broadcast operands with one operation, in the type that it computes in, rounded once at the end.
private struct VariadicLoop<Operation: BinaryOperation>: NumericVisitor {
    let plan: Broadcast
    /// Whether the result is divided by the number of operands.
    let mean: Bool

    func visit<T: NumericElement>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let plan = plan
        let operands = plan.strides.count - 1
        let divisor = mean ? T.Computed(whole: operands) : nil
        return { invocation throws(WeftError) in
            var inputs: [UnsafePointer<T>] = []
            for index in 0..<operands { inputs.append(invocation.input(index, as: T.self)) }
            let y = invocation.output(0, as: T.self)
            try plan.forEachPiece(invocation.workers) { row, start, length in
                let y = y + (plan.offset(0, row: row) + start)
                let offsets = (1...operands).map { plan.offset($0, row: row) + start * plan.step($0) }
                for index in 0..<length {
                    var result = inputs[0][offsets[0] &+ index &* plan.step(1)].computed
                    for operand in 1..<operands {
                        let other = inputs[operand][offsets[operand] &+ index &* plan.step(operand + 1)].computed
                        result = Operation.apply(result, other)
                    }
                    if let divisor { result = T.Computed.dividing(result, divisor) }
                    y[index] = T(computed: result)
                }
            }
        }
    }
}

extension CPUKernels {
    private static func variadic<Operation: BinaryOperation>(
        _ opType: String, _ types: ElementTypes, _: Operation.Type, mean: Bool = false
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(types),
            variants: { node, _ in
                if node.inputs.count == 2, !mean { return binaryVariants(node, .elementwise) }
                return [Variant("plain", work: .elements(of: node, rate: .reference), inPlace: Variant.sharing(node))]
            },
            kernel: HostKernel { node throws(WeftError) in
                let view = node.view
                if let vector = Operation.vector, view.inputs.count == 2, !mean, view.inputType(0) == .float32 {
                    return BinaryLoop<Operation>.vectorBody(vector, Broadcast(binary: view))
                }
                let plan = Broadcast(
                    output: view.outputShape(0), inputs: view.inputs.indices.map { view.inputShape($0) })
                return try VariadicLoop<Operation>(plan: plan, mean: mean).dispatch(view.inputType(0))
            })
    }

    static let maximum = variadic("Max", .numeric, Larger.self)
    static let mean = variadic("Mean", .floating, Addition.self, mean: true)
    static let minimum = variadic("Min", .numeric, Smaller.self)
    static let sum = variadic("Sum", .floating, Addition.self)
}
