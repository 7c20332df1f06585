import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let rotaryEmbedding = SupportRow(
        "RotaryEmbedding", types: TypeConstraint(.floating, operands: [3: [.int64]]),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 4, rate: .reference))] },
        kernel: RotaryReference.kernel)
}

private enum RotaryReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let x = node.view.inputShape(0)
        let packed = x.count == 3
        let heads = packed ? try node.view.int("num_heads") : x[1]
        let (batch, length) = (x[0], packed ? x[1] : x[2])
        let depth = packed ? x[2] / heads : x[3]
        let half = try node.view.int("rotary_embedding_dim") / 2
        let interleaved = try node.view.flag("interleaved")
        let cached = node.view.has(input: 3) ? node.view.inputShape(1)[0] : 0
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let (cosines, sines) = (invocation.input(1, as: E.self), invocation.input(2, as: E.self))
            let positions = invocation.optionalInput(3, as: Int64.self)
            if let positions {
                for token in 0..<batch * length where !(0..<Int64(cached)).contains(positions[token]) {
                    throw WeftError(
                        .invalidData, "position \(positions[token]) is outside the \(cached) positions of the cache")
                }
            }
            let y = invocation.output(0, as: E.self)
            for token in 0..<batch * length {
                let (b, i) = token.quotientAndRemainder(dividingBy: length)
                let angles = (positions.map { Int($0[token]) } ?? token) * half
                for head in 0..<heads {
                    let start = (packed ? token * heads + head : (b * heads + head) * length + i) * depth
                    for pair in 0..<half {
                        let first = start + (interleaved ? 2 * pair : pair)
                        let second = start + (interleaved ? 2 * pair + 1 : pair + half)
                        let (cosine, sine) = (cosines[angles + pair].work, sines[angles + pair].work)
                        let (real, imaginary) = (x[first].work, x[second].work)
                        y[first] = E(work: cosine * real - sine * imaginary)
                        y[second] = E(work: sine * real + cosine * imaginary)
                    }
                    (y + start + 2 * half).update(from: x + start + 2 * half, count: depth - 2 * half)
                }
            }
        }
    }
}
