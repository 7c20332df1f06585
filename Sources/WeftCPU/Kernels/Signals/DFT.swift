import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// The transform by its definition: a product of every output with every input of its line.
    static let dft = SupportRow(
        "DFT", types: TypeConstraint(.floating, operands: [1: [.int32, .int64], 2: [.int32, .int64]]),
        variants: { node, _ in
            var length = 1.0
            if case .int(let given) = node.attributes["dft_length"] { length = Double(given) }
            return [Variant("plain", work: .elements(of: node, flopsPerElement: 4 * length, rate: .reference))]
        }, kernel: DFTReference.kernel)
}

private enum DFTReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let (x, y) = (node.view.inputShape(0), node.view.outputShape(0))
        let axis = try node.view.int("axis")
        let length = try node.view.int("dft_length")
        let (inverse, half) = (try node.view.flag("inverse"), try node.view.flag("onesided"))
        let (parts, made) = (x[x.count - 1], y[y.count - 1])
        let inner = x[(axis + 1)..<(x.count - 1)].reduce(1, &*)
        let outer = x[..<axis].reduce(1, &*)
        let real = inverse && half
        let terms = Swift.min(x[axis], real ? length / 2 + 1 : length)
        let (sources, targets) = (x[axis], y[axis])
        let turn = (inverse ? 2 : -2) * Double.pi / Double(length)
        let table = (0..<length).map { ((turn * Double($0)).cosine, (turn * Double($0)).sine) }
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: outer * inner) { range, _ in
                for line in range {
                    let (row, column) = line.quotientAndRemainder(dividingBy: inner)
                    for k in 0..<targets {
                        var (re, im) = (0.0, 0.0)
                        for n in 0..<terms {
                            let at = ((row * sources + n) * inner + column) * parts
                            let (cosine, sine) = table[n * k % length]
                            let (a, b) = (Double(x[at].work), parts == 2 ? Double(x[at + 1].work) : 0)
                            // Each frequency of half a spectrum stands for its mirror image too, but for the ends.
                            let twice = real && n > 0 && 2 * n != length
                            re += (twice ? 2 : 1) * (a * cosine - (real && !twice ? 0 : b * sine))
                            im += a * sine + b * cosine
                        }
                        let to = ((row * targets + k) * inner + column) * made
                        let scale = inverse ? 1 / Double(length) : 1
                        y[to] = E(work: E.Work(re * scale))
                        if made == 2 { y[to + 1] = E(work: E.Work(im * scale)) }
                    }
                }
            }
        }
    }
}
