import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let bernoulli = SupportRow(
        "Bernoulli", types: TypeConstraint(.floating),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 20, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let seed = node.view.seed
            let count = node.view.outputShape(0).elementCount
            let read = try CastReader().dispatch(node.view.inputType(0))
            let write = try CastWriter().dispatch(node.view.outputType(0))
            return { invocation throws(WeftError) in
                var generator = MersenneTwister(seed: seed)
                let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
                let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                for index in 0..<count { write(y, index, generator.uniform() < read(x, index) ? 1 : 0) }
            }
        })
}
