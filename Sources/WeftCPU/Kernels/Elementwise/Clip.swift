import CWeftKernels
import WeftProvider
import WeftProviderKit

/// Holds elements within bounds that are read when the node runs; an absent bound does not bind.
private struct ClipLoop: NumberVisitor {
    struct Function<E: KernelNumber>: ElementFunction {
        let low: E.Work?
        let high: E.Work?
        func callAsFunction(_ x: E) -> E {
            var value = x.work
            if let low, value < low { value = low }
            if let high, value > high { value = high }
            return E(work: value)
        }
    }

    let count: Int
    func visit<E: KernelNumber>(_: E.Type) throws(WeftError) -> HostKernel.Body {
        let count = count
        return { invocation throws(WeftError) in
            let low = invocation.optionalInput(1, as: E.self)?.pointee.work
            let high = invocation.optionalInput(2, as: E.self)?.pointee.work
            try ElementLoops.run(invocation, count, Function<E>(low: low, high: high))
        }
    }
}

extension CPUKernels {
    /// min(max(x, low), high), of any numeric type.
    static let clip = SupportRow(
        "Clip", types: TypeConstraint(.numeric),
        variants: { node, _ in
            let isSingle = node.inputType(0) == .float32
            let work = Work.elements(of: node, flopsPerElement: 2, rate: isSingle ? .elementwise : .reference)
            let inPlace = [Variant.InPlace(output: 0, input: 0)]
            let plain = Variant("plain", work: work, inPlace: inPlace)
            guard isSingle, node.inputShape(0).count == 4 else { return [plain] }
            return [
                plain,
                Variant("nhwc", work: work, inputLayouts: [.nhwc], outputLayouts: [.nhwc], inPlace: inPlace),
            ]
        },
        kernel: HostKernel { node throws(WeftError) in
            let count = node.view.output(0)?.storedCount ?? 0
            guard node.view.inputType(0) == .float32 else {
                return try ClipLoop(count: count).dispatch(node.view.inputType(0))
            }
            return { invocation throws(WeftError) in
                let low = invocation.optionalInput(1, as: Float.self)?.pointee ?? -.infinity
                let high = invocation.optionalInput(2, as: Float.self)?.pointee ?? .infinity
                try VectorLoops.run(invocation, count, WEFT_CLIP, low, high)
            }
        })
}
