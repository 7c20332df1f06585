import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Each element written at its index. Throws `.invalidData` for an index outside.
    static let maxUnpool = SupportRow(
        "MaxUnpool", types: TypeConstraint(.floating, operands: [1: [.int64], 2: [.int64]]),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
        kernel: MaxUnpoolReference.kernel)
}

private enum MaxUnpoolReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let (x, y) = (node.view.inputShape(0), node.view.outputShape(0))
        let inner = Array(x[..<2]) + (try node.view.ints("inner_shape"))
        let (count, room, total) = (x.elementCount, inner.elementCount, y.elementCount)
        let steps = y.rowMajorStrides
        return { invocation throws(WeftError) in
            let elements = invocation.input(0, as: E.self)
            let indices = invocation.input(1, as: Int64.self)
            let output = invocation.output(0, as: E.self)
            output.update(repeating: E(work: 0), count: total)
            for position in 0..<count {
                guard var rest = Int(exactly: indices[position]), rest >= 0, rest < room else {
                    throw WeftError(.invalidData, "index \(indices[position]) is out of range for shape \(inner)")
                }
                var to = 0
                for axis in inner.indices.reversed() {
                    to += rest % inner[axis] * steps[axis]
                    rest /= inner[axis]
                }
                output[to] = elements[position]
            }
        }
    }
}
