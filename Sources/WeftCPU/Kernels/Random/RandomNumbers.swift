import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let randomNormal = random("RandomNormal") { node throws(WeftError) in
        let (mean, scale) = (Double(try node.float("mean")), Double(try node.float("scale")))
        return { $0.normal() * scale + mean }
    }
    static let randomNormalLike = random("RandomNormalLike") { node throws(WeftError) in
        let (mean, scale) = (Double(try node.float("mean")), Double(try node.float("scale")))
        return { $0.normal() * scale + mean }
    }
    static let randomUniform = random("RandomUniform") { node throws(WeftError) in
        let (low, high) = (Double(try node.float("low")), Double(try node.float("high")))
        return { low + $0.uniform() * (high - low) }
    }
    static let randomUniformLike = random("RandomUniformLike") { node throws(WeftError) in
        let (low, high) = (Double(try node.float("low")), Double(try node.float("high")))
        return { low + $0.uniform() * (high - low) }
    }

    /// A row whose every element is drawn by itself, in order: the same ones in each run where the node has a seed.
    private static func random(
        _ opType: String,
        _ make: @escaping @Sendable (NodeView) throws(WeftError) -> @Sendable (inout MersenneTwister) -> Double
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(.fixedSize),
            variants: { node, _ in
                [Variant("plain", work: .elements(of: node, flopsPerElement: 40, rate: .reference))]
            },
            kernel: HostKernel { node throws(WeftError) in
                let draw = try make(node.view)
                let seed = node.view.seed
                let count = node.view.outputShape(0).elementCount
                let write = try CastWriter().dispatch(node.view.outputType(0))
                return { invocation throws(WeftError) in
                    var generator = MersenneTwister(seed: seed)
                    let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                    for index in 0..<count { write(y, index, draw(&generator)) }
                }
            })
    }
}

extension NodeView {
    /// The `seed` of a random operator; nil where it has none.
    var seed: Float? {
        switch attributes["seed"] {
        case .float(let seed): seed
        case .int(let seed): Float(seed)
        default: nil
        }
    }
}
