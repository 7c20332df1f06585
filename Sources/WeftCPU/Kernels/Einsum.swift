import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Sums of products over labelled axes, one output element at a time.
    static let einsum = SupportRow(
        "Einsum", types: TypeConstraint(.numeric), if: .oneType,
        variants: { node, _ in
            let plan = EinsumPlan(node)
            let terms = Double(plan.sizes.reduce(1, *)) * Double(node.inputs.count)
            return [Variant("plain", work: .elements(of: node, flopsPerElement: terms, rate: .reference))]
        }, kernel: EinsumReference.kernel)
}

/// Strides of every operand along the axes of the result, then along the axes that are summed.
private struct EinsumPlan: Sendable {
    let outputs: [Int]
    /// Sizes of the summed axes.
    let sizes: [Int]
    let outputStrides: [[Int]]
    let sumStrides: [[Int]]

    init(_ node: NodeView) {
        var equation = ""
        if case .string(let text)? = node.attributes["equation"] { equation = text }
        let sides = equation.split(separator: "-", omittingEmptySubsequences: false)
        let terms = (sides.first ?? "").split(separator: ",", omittingEmptySubsequences: false).map { Array($0) }
        let result = Array((sides.last ?? "").dropFirst())
        var size: [Character: Int] = [:]
        var strides: [[Character: Int]] = []
        for (index, term) in terms.enumerated() {
            let shape = node.inputShape(index)
            let steps = shape.rowMajorStrides
            var own: [Character: Int] = [:]
            for (axis, label) in term.enumerated() where axis < shape.count {
                // An axis of one element broadcasts; a label met twice walks the diagonal.
                if shape[axis] != 1 {
                    own[label, default: 0] += steps[axis]
                    size[label] = shape[axis]
                }
            }
            strides.append(own)
        }
        let summed = Set(terms.joined()).subtracting(result).sorted()
        outputs = result.map { size[$0] ?? 1 }
        sizes = summed.map { size[$0] ?? 1 }
        outputStrides = strides.map { own in result.map { own[$0] ?? 0 } }
        sumStrides = strides.map { own in summed.map { own[$0] ?? 0 } }
    }
}

private enum EinsumReference: NumberKernel {
    static func make<E: KernelNumber>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let plan = EinsumPlan(node.view)
        let operands = node.view.inputs.count
        let terms = plan.sizes.elementCount
        return { invocation throws(WeftError) in
            var inputs: [UnsafePointer<E>] = []
            for index in 0..<operands { inputs.append(invocation.input(index, as: E.self)) }
            let pointers = inputs
            let y = invocation.output(0, as: E.self)
            let grain = 1 + 2_000 / (1 + terms)
            try invocation.workers.forEachRange(of: plan.outputs.elementCount, grain: grain) { range, _ in
                withUnsafeTemporaryAllocation(of: Int.self, capacity: operands) { bases in
                    for index in range {
                        for operand in 0..<operands {
                            bases[operand] = offset(index, plan.outputs, plan.outputStrides[operand])
                        }
                        var sum = E.Work.Wide.zero
                        for term in 0..<terms {
                            var product = E.Work.Wide.one
                            for operand in 0..<operands {
                                let place = bases[operand] + offset(term, plan.sizes, plan.sumStrides[operand])
                                product = .product(product, pointers[operand][place].work.wide)
                            }
                            sum = .sum(sum, product)
                        }
                        y[index] = E(work: E.Work(wide: sum))
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func offset(_ index: Int, _ sizes: [Int], _ strides: [Int]) -> Int {
        var (rest, offset) = (index, 0)
        for axis in sizes.indices.reversed() {
            offset += rest % sizes[axis] * strides[axis]
            rest /= sizes[axis]
        }
        return offset
    }
}
