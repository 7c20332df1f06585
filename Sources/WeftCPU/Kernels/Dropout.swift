import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Dropout outside training: the input as it is, and a mask of ones on request.
    static let dropout = SupportRow(
        "Dropout", types: TypeConstraint(.fixedSize), if: .notTraining,
        variants: { node, _ in
            [Variant("copy", work: .elements(of: node), inPlace: [.init(output: 0, input: 0)], view: 0)]
        },
        kernel: HostKernel { node throws(WeftError) in
            let bytes = node.view.output(0)?.type.byteCount ?? 0
            let mask = node.view.has(output: 1) ? node.view.outputShape(1).elementCount : 0
            return { invocation throws(WeftError) in
                let source = invocation.input(0, as: UInt8.self)
                let target = invocation.output(0, as: UInt8.self)
                if UnsafePointer(target) != source { target.update(from: source, count: bytes) }
                if mask > 0 { invocation.output(1, as: UInt8.self).update(repeating: 1, count: mask) }
            }
        })

    /// Dropout in training: zero where a random number lies below the ratio.
    static let dropoutInTraining = SupportRow(
        "Dropout", types: TypeConstraint(.floating, operands: [2: [.bool]]),
        if: .constant(input: 1) && .constant(input: 2),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 20, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let ratio = Double(node.view.input(1)?.constant?.scalar ?? 0.5)
            guard ratio >= 0, ratio < 1 else {
                throw WeftError(.invalidModel, "the ratio is \(ratio), should be at least 0 and below 1")
            }
            let seed = node.view.seed
            let count = node.view.outputShape(0).elementCount
            let hasMask = node.view.has(output: 1)
            let read = try CastReader().dispatch(node.view.inputType(0))
            let write = try CastWriter().dispatch(node.view.outputType(0))
            return { invocation throws(WeftError) in
                var generator = MersenneTwister(seed: seed)
                let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
                let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                let mask = hasMask ? invocation.output(1, as: UInt8.self) : nil
                for index in 0..<count {
                    let kept = ratio == 0 || generator.uniform() >= ratio
                    write(y, index, kept ? read(x, index) / (1 - ratio) : 0)
                    mask?[index] = kept ? 1 : 0
                }
            }
        })
}

extension Condition {
    /// `training_mode` is absent, or a constant false.
    fileprivate static let notTraining = Condition("training_mode constant false") { node, _ in
        guard let operand = node.input(2) else { return nil }
        guard let constant = operand.constant else { return .runtimeOperand(2) }
        return (try? constant.integers())?.first == 0 ? nil : .other("does not draw the random numbers of training")
    }
}
