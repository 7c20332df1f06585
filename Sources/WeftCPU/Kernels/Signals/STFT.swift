import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// By the transform's definition, frame by frame; frames in parallel.
    static let stft = SupportRow(
        "STFT", types: TypeConstraint(.floating, operands: [1: [.int32, .int64], 3: [.int32, .int64]]),
        variants: { node, _ in
            let length = (try? node.int("frame_length")) ?? 1
            return [
                Variant("plain", work: .elements(of: node, flopsPerElement: 4 * Double(length), rate: .reference))
            ]
        }, kernel: STFTReference.kernel)
}

private enum STFTReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let (x, y) = (node.view.inputShape(0), node.view.outputShape(0))
        let (step, length) = (try node.view.int("frame_step"), try node.view.int("frame_length"))
        let (frames, bins, parts) = (y[1], y[2], x[2])
        let table = (0..<length).map { index in
            let angle = -2 * Double.pi * Double(index) / Double(length)
            return (angle.cosine, angle.sine)
        }
        return { invocation throws(WeftError) in
            let signal = invocation.input(0, as: E.self)
            let window = invocation.optionalInput(2, as: E.self)
            let output = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: y[0] * frames) { range, _ in
                for frame in range {
                    let start = (frame / frames * x[1] + frame % frames * step) * parts
                    for bin in 0..<bins {
                        var (real, imaginary) = (0.0, 0.0)
                        for n in 0..<length {
                            let weight = window?[n].work.double ?? 1
                            let (cosine, sine) = table[n * bin % length]
                            let a = weight * signal[start + n * parts].work.double
                            let b = parts == 2 ? weight * signal[start + n * parts + 1].work.double : 0
                            real += a * cosine - b * sine
                            imaginary += a * sine + b * cosine
                        }
                        let to = (frame * bins + bin) * 2
                        output[to] = E(work: E.Work(real))
                        output[to + 1] = E(work: E.Work(imaginary))
                    }
                }
            }
        }
    }
}
