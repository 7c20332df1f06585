import CWeftKernels
import WeftProvider

/// Holds elements within bounds that are read when the node runs; an absent bound does not bind.
private struct ClipLoop: NumberVisitor {
    let count: Int

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let count = count
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: T.self)
            let y = invocation.output(0, as: T.self)
            let low = invocation.optionalInput(1, as: T.self)?.pointee.work
            let high = invocation.optionalInput(2, as: T.self)?.pointee.work
            try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                for index in range {
                    var value = x[index].work
                    if let low, value < low { value = low }
                    if let high, value > high { value = high }
                    y[index] = T(work: value)
                }
            }
        }
    }
}

extension CPUKernels {
    /// min(max(x, low), high), of any numeric type.
    static let clip = SupportRow(
        "Clip", types: TypeConstraint(.numeric),
        variants: { node, _ in
            let work = Work.elements(
                of: node, flopsPerElement: 2, rate: node.inputType(0) == .float32 ? .elementwise : .reference)
            var variants = [Variant("plain", work: work, inPlace: [.init(output: 0, input: 0)])]
            if node.inputType(0) == .float32, node.inputShape(0).count == 4 {
                variants.append(
                    Variant(
                        "nhwc", work: work, inputLayouts: [.nhwc], outputLayouts: [.nhwc],
                        inPlace: [.init(output: 0, input: 0)]))
            }
            return variants
        },
        kernel: HostKernel { node throws(WeftError) in
            let count = node.view.output(0)?.storedCount ?? 0
            guard node.view.inputType(0) == .float32 else {
                return try ClipLoop(count: count).dispatch(node.view.inputType(0))
            }
            return { invocation throws(WeftError) in
                let x = invocation.input(0, as: Float.self)
                let y = invocation.output(0, as: Float.self)
                let low = invocation.optionalInput(1, as: Float.self)?.pointee ?? -.infinity
                let high = invocation.optionalInput(2, as: Float.self)?.pointee ?? .infinity
                try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                    weft_unary_f32(
                        WEFT_CLIP, low, high, range.count, x + range.lowerBound, y + range.lowerBound)
                }
            }
        })
}
