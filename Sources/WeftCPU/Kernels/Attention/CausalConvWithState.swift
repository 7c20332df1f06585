import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let causalConvWithState = SupportRow(
        "CausalConvWithState", types: TypeConstraint(.floating),
        variants: { node, _ in
            let taps = node.inputShape(1).last ?? 1
            return [
                Variant("plain", work: .elements(of: node, flopsPerElement: 2 * Double(taps), rate: .reference))
            ]
        }, kernel: CausalConvReference.kernel)
}

private enum CausalConvReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let x = node.view.inputShape(0)
        let (channels, length, taps) = (x[1], x[2], node.view.inputShape(1)[2])
        let rows = x[0] * channels
        let activated = try node.view.string("activation") != "none"
        let givesState = node.view.has(output: 1)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let weights = invocation.input(1, as: E.self)
            let bias = invocation.optionalInput(2, as: E.self)
            let past = invocation.optionalInput(3, as: E.self)
            let y = invocation.output(0, as: E.self)
            let present = givesState ? invocation.output(1, as: E.self) : nil
            try invocation.workers.forEachRange(of: rows) { range, _ in
                for row in range {
                    let channel = row % channels
                    // Position 0 is the first of the input; the state lies before it.
                    func at(_ position: Int) -> E.Work {
                        if position >= 0 { return x[row * length + position].work }
                        return past.map { $0[row * (taps - 1) + position + taps - 1].work } ?? 0
                    }
                    for position in 0..<length {
                        var sum = bias.map { $0[channel].work } ?? 0
                        for tap in 0..<taps {
                            sum += weights[channel * taps + tap].work * at(position + tap - taps + 1)
                        }
                        if activated { sum *= E.Work(Double(sum).sigmoid) }
                        y[row * length + position] = E(work: sum)
                    }
                    guard let present else { continue }
                    for index in 0..<taps - 1 {
                        present[row * (taps - 1) + index] = E(work: at(length - (taps - 1) + index))
                    }
                }
            }
        }
    }
}
