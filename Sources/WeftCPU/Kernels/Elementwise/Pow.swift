import CWeftKernels
import WeftProvider
import WeftProviderKit

/// Raises numbers of one type to powers of another.
private struct PowLoop: NumberVisitor {
    let plan: Broadcast
    let exponentType: ElementType?

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let plan = plan
        let integers = T.Work.isInteger && exponentType?.isInteger == true
        let exponent = try CastReader().dispatch(exponentType)
        let (stepA, stepB) = (plan.step(1), plan.step(2))
        return { invocation throws(WeftError) in
            let a = invocation.input(0, as: T.self)
            let b = UnsafeRawPointer(invocation.input(1, as: UInt8.self))
            let y = invocation.output(0, as: T.self)
            try plan.forEachPiece(invocation.workers) { row, start, length in
                let a = a + (plan.offset(1, row: row) + start * stepA)
                let y = y + (plan.offset(0, row: row) + start)
                let first = plan.offset(2, row: row) + start * stepB
                for index in 0..<length {
                    let base = a[index &* stepA].work
                    let power = exponent(b, first &+ index &* stepB)
                    // In the base's own precision; integers saturate.
                    y[index] = integers ? T(work: raise(base, power)) : T(nearest: base.raised(to: power))
                }
            }
        }
    }

    /// An integer to an integer power, wrapping; a negative power of anything but 1 and -1 is zero.
    private func raise<N: WorkNumber>(_ base: N, _ power: Double) -> N {
        let one = N.one
        if power < 0 {
            if base == one { return one }
            if base == N(whole: -1), base < .zero {
                return power.truncatingRemainder(dividingBy: 2) == 0 ? one : base
            }
            return .zero
        }
        var result = one
        var square = base
        var rest = UInt64(Swift.min(power, 9e18))
        while rest > 0 {
            if rest & 1 == 1 { result = .product(result, square) }
            square = .product(square, square)
            rest >>= 1
        }
        return result
    }
}

extension CPUKernels {
    /// The first operand to the power of the second, of any two types; the result has the first one's.
    static let power = SupportRow(
        "Pow", types: TypeConstraint(.numeric),
        variants: { node, _ in
            if square(node) { return Variant.elementwise(node, inPlace: [.init(output: 0, input: 0)]) }
            return [
                Variant(
                    "plain", work: .elements(of: node, flopsPerElement: 30, rate: .reference),
                    inPlace: Variant.sharing(node).filter { $0.input == 0 })
            ]
        },
        kernel: HostKernel { node throws(WeftError) in
            let view = node.view
            if square(view),
                let body = VectorLoops.map(WEFT_SQUARE, view.inputType(0), view.outputShape(0).elementCount)
            {
                return body
            }
            return try PowLoop(plan: Broadcast(binary: view), exponentType: view.inputType(1))
                .dispatch(view.inputType(0))
        })

    /// Whether a node squares float32 numbers: its exponent is a constant 2 that broadcasts into the base's shape.
    private static func square(_ node: NodeView) -> Bool {
        guard node.inputType(0) == .float32, node.inputType(1) == .float32, node.inputShape(0) == node.outputShape(0),
            let constant = node.input(1)?.constant, constant.elementCount == 1
        else { return false }
        let exponent = try? constant.withBytes { bytes throws(WeftError) in
            bytes.count >= 4 ? bytes.loadUnaligned(as: Float.self) : 0
        }
        return exponent == 2
    }
}
