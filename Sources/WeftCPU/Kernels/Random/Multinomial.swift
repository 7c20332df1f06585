import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Each sample is the class at which the running sum of probabilities passes a random number.
    static let multinomial = SupportRow(
        "Multinomial", types: TypeConstraint(.floating),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 40, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let seed = node.view.seed
            let (rows, classes) = (node.view.inputShape(0)[0], node.view.inputShape(0)[1])
            let samples = node.view.outputShape(0)[1]
            let read = try CastReader().dispatch(node.view.inputType(0))
            let write = try CastWriter().dispatch(node.view.outputType(0))
            return { invocation throws(WeftError) in
                var generator = MersenneTwister(seed: seed)
                let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
                let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                for row in 0..<rows {
                    let scores = (0..<classes).map { read(x, row * classes + $0) }
                    let greatest = scores.max() ?? 0
                    var total = 0.0
                    let sums = scores.map { score in
                        total += (score - greatest).exponential
                        return total
                    }
                    for sample in 0..<samples {
                        let wanted = generator.uniform() * total
                        let found = sums.firstIndex { $0 > wanted } ?? classes - 1
                        write(y, row * samples + sample, Double(found))
                    }
                }
            }
        })
}
