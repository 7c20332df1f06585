import CWeftKernels
import WeftProvider

/// Folds any number of broadcast operands with one operation, in the type that it computes in, rounded once at the end.
private struct VariadicLoop<Operation: BinaryOperation>: NumberVisitor {
    let plan: Broadcast
    /// Whether the result is divided by the number of operands.
    let mean: Bool

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let plan = plan
        let operands = plan.strides.count - 1
        let divisor = mean ? T.Work(whole: operands) : nil
        return { invocation throws(WeftError) in
            var inputs: [UnsafePointer<T>] = []
            for index in 0..<operands { inputs.append(invocation.input(index, as: T.self)) }
            let y = invocation.output(0, as: T.self)
            try plan.forEachPiece(invocation.workers) { row, start, length in
                let y = y + (plan.offset(0, row: row) + start)
                let offsets = (1...operands).map { plan.offset($0, row: row) + start * plan.step($0) }
                for index in 0..<length {
                    var result = inputs[0][offsets[0] &+ index &* plan.step(1)].work
                    for operand in 1..<operands {
                        let other = inputs[operand][offsets[operand] &+ index &* plan.step(operand + 1)].work
                        result = Operation.apply(result, other)
                    }
                    if let divisor { result = T.Work.quotient(result, divisor) }
                    y[index] = T(work: result)
                }
            }
        }
    }
}

/// A fold of float32 operands by vector loops: the first two into the output, then each other one onto it.
///
/// Memory may be shared with one of the first two operands, not with a later one.
private func vectorFold(_ operation: weft_binary, _ plan: Broadcast) -> HostKernel.Body {
    let operands = plan.strides.count - 1
    return { invocation throws(WeftError) in
        var inputs: [UnsafePointer<Float>] = []
        for index in 0..<operands { inputs.append(invocation.input(index, as: Float.self)) }
        let y = invocation.output(0, as: Float.self)
        try plan.forEachPiece(invocation.workers) { row, start, length in
            func at(_ operand: Int) -> UnsafePointer<Float> {
                inputs[operand] + (plan.offset(operand + 1, row: row) + start * plan.step(operand + 1))
            }
            let y = y + (plan.offset(0, row: row) + start)
            weft_binary_f32(operation, length, at(0), plan.step(1), at(1), plan.step(2), y)
            for operand in 2..<operands {
                weft_binary_f32(operation, length, y, 1, at(operand), plan.step(operand + 1), y)
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
                let rate: RateKey = node.inputType(0) == .float32 && !mean ? .elementwise : .reference
                return [
                    Variant(
                        "plain", work: .elements(of: node, rate: rate),
                        inPlace: Variant.sharing(node).filter { $0.input < 2 })
                ]
            },
            kernel: HostKernel { node throws(WeftError) in
                let view = node.view
                if let vector = Operation.vector, view.inputs.count == 2, !mean, view.inputType(0) == .float32 {
                    return BinaryLoop<Operation>.vectorBody(vector, Broadcast(binary: view))
                }
                let plan = Broadcast(
                    output: view.outputShape(0), inputs: view.inputs.indices.map { view.inputShape($0) })
                if let vector = Operation.vector, view.inputs.count > 2, !mean, view.inputType(0) == .float32,
                    plan.step(0) == 1
                {
                    return vectorFold(vector, plan)
                }
                return try VariadicLoop<Operation>(plan: plan, mean: mean).dispatch(view.inputType(0))
            })
    }

    static let maximum = variadic("Max", .numeric, Larger.self)
    static let mean = variadic("Mean", .floating, Addition.self, mean: true)
    static let minimum = variadic("Min", .numeric, Smaller.self)
    static let sum = variadic("Sum", .floating, Addition.self)
}
