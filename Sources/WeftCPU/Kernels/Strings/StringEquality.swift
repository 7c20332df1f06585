import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Equality of strings.
    static let equalOfStrings = SupportRow(
        "Equal", types: TypeConstraint([.string]), dynamicOperands: true,
        variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let plan = Broadcast(binary: node.view)
            return { invocation throws(WeftError) in
                let a = try invocation.strings(0).elements
                let b = try invocation.strings(1).elements
                let y = invocation.output(0, as: Bool.self)
                try plan.forEachPiece(invocation.workers) { row, start, length in
                    for index in start..<start + length {
                        let first = a[plan.offset(1, row: row) + index * plan.step(1)]
                        let second = b[plan.offset(2, row: row) + index * plan.step(2)]
                        y[plan.offset(0, row: row) + index] = first == second
                    }
                }
            }
        })
}

extension HostInvocation {
    /// An input as strings. Throws where it is anything else.
    borrowing func strings(_ index: Int) throws(WeftError) -> StringTensor {
        guard case .strings(let strings) = try value(input: index) else {
            throw WeftError(.invalidData, "input \(index) should be a tensor of strings")
        }
        return strings
    }
}
