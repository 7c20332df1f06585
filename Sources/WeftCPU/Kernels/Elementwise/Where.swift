import WeftProvider
import WeftProviderKit

private struct SelectionLoop: WordVisitor {
    let plan: Broadcast

    func visit<Word: BitwiseCopyable & Sendable>(_ type: Word.Type) throws(WeftError) -> HostKernel.Body {
        let plan = plan
        let (stepC, stepA, stepB) = (plan.step(1), plan.step(2), plan.step(3))
        return { invocation throws(WeftError) in
            let condition = invocation.input(0, as: UInt8.self)
            let a = invocation.input(1, as: Word.self)
            let b = invocation.input(2, as: Word.self)
            let y = invocation.output(0, as: Word.self)
            try plan.forEachPiece(invocation.workers) { row, start, length in
                let condition = condition + (plan.offset(1, row: row) + start * stepC)
                let a = a + (plan.offset(2, row: row) + start * stepA)
                let b = b + (plan.offset(3, row: row) + start * stepB)
                let y = y + (plan.offset(0, row: row) + start)
                for index in 0..<length {
                    y[index] = condition[index &* stepC] != 0 ? a[index &* stepA] : b[index &* stepB]
                }
            }
        }
    }
}

extension CPUKernels {
    private static func selection(_ node: NodeView) -> Broadcast {
        Broadcast(output: node.outputShape(0), inputs: (0..<3).map { node.inputShape($0) })
    }

    /// Elements of the second input where the first is true, else of the third.
    static let selection = SupportRow(
        "Where", types: TypeConstraint(.fixedSize, operands: [0: [.bool]]),
        variants: { node, _ in
            [Variant("plain", work: .elements(of: node, rate: .reference), inPlace: Variant.sharing(node))]
        },
        kernel: HostKernel { node throws(WeftError) in
            try SelectionLoop(plan: selection(node.view)).dispatch(width: node.view.inputType(1)?.byteWidth ?? 0)
        })

    /// The same for strings.
    static let selectionOfStrings = SupportRow(
        "Where", types: TypeConstraint([.string], operands: [0: [.bool]]), dynamicOperands: true,
        variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let plan = selection(node.view)
            let shape = node.view.outputShape(0)
            return { invocation throws(WeftError) in
                let condition = invocation.input(0, as: UInt8.self)
                let a = try invocation.strings(1).elements
                let b = try invocation.strings(2).elements
                var result: [String] = []
                for position in 0..<plan.count {
                    let (row, index) = position.quotientAndRemainder(dividingBy: plan.rowLength)
                    let chosen = condition[plan.offset(1, row: row) + index * plan.step(1)] != 0
                    result.append(
                        chosen
                            ? a[plan.offset(2, row: row) + index * plan.step(2)]
                            : b[plan.offset(3, row: row) + index * plan.step(3)])
                }
                try invocation.set(output: 0, .strings(StringTensor(result, shape: shape)))
            }
        })
}
