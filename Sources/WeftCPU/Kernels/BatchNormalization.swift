import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Normalisation by channel, with the given statistics or, in training, the batch's own.
    static let batchNormalization = SupportRow(
        "BatchNormalization", types: TypeConstraint(.floating), if: .oneType,
        variants: { node, _ in
            PixelKernels.normalization(node) + [
                Variant(
                    "plain", work: .elements(of: node, flopsPerElement: 2, rate: .reference),
                    inPlace: [.init(output: 0, input: 0)])
            ]
        }, kernel: BatchNormalizationReference.kernel.with("pixels", PixelKernels.makeNormalization))
}

extension Condition {
    /// All inputs have the first one's type.
    static let oneType = Condition("one type") { node, _ in
        for (index, operand) in node.inputs.enumerated() {
            guard let type = operand?.type.elementType, type != node.inputType(0) else { continue }
            return .type(type, operand: index)
        }
        return nil
    }
}

private enum BatchNormalizationReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = node.view.inputShape(0)
        let channels = shape.count > 1 ? shape[1] : 1
        let batch = shape.first ?? 1
        let plane = Array(shape.dropFirst(2)).elementCount
        let epsilon = Double(try node.view.float("epsilon"))
        let momentum = Double(try node.view.float("momentum"))
        let training = try node.view.flag("training_mode")
        let (hasMean, hasVariance) = (node.view.has(output: 1), node.view.has(output: 2))
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let scale = invocation.input(1, as: E.self)
            let bias = invocation.input(2, as: E.self)
            let mean = invocation.input(3, as: E.self)
            let variance = invocation.input(4, as: E.self)
            let y = invocation.output(0, as: E.self)
            let runningMean = hasMean ? invocation.output(1, as: E.self) : nil
            let runningVariance = hasVariance ? invocation.output(2, as: E.self) : nil
            try invocation.workers.forEachRange(of: channels, grain: 1 + 10_000 / (1 + batch * plane)) { range, _ in
                for channel in range {
                    var (m, v) = (mean[channel].work.double, variance[channel].work.double)
                    if training {
                        let given = (m, v)
                        (m, v) = moments(x + channel * plane, batch: batch, step: channels * plane, plane)
                        runningMean?[channel] = E(work: E.Work(given.0 * momentum + m * (1 - momentum)))
                        runningVariance?[channel] = E(work: E.Work(given.1 * momentum + v * (1 - momentum)))
                    }
                    let factor = E.Work(scale[channel].work.double / (v + epsilon).squareRoot())
                    let (center, offset) = (E.Work(m), bias[channel].work)
                    for image in 0..<batch {
                        let first = (image * channels + channel) * plane
                        for i in first..<first + plane { y[i] = E(work: (x[i].work - center) * factor + offset) }
                    }
                }
            }
        }
    }

    private static func moments<E: KernelFloat>(
        _ x: UnsafePointer<E>, batch: Int, step: Int, _ plane: Int
    ) -> (mean: Double, variance: Double) {
        let count = Double(batch * plane)
        var sum = 0.0
        for image in 0..<batch { for i in 0..<plane { sum += x[image * step + i].work.double } }
        let mean = sum / count
        var squares = 0.0
        for image in 0..<batch {
            for i in 0..<plane {
                let difference = x[image * step + i].work.double - mean
                squares += difference * difference
            }
        }
        return (mean, squares / count)
    }
}
