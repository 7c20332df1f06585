import WeftProvider

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
}

extension Condition {
    /// `training_mode` is absent, or a constant false.
    fileprivate static let notTraining = Condition("training_mode constant false") { node, _ in
        guard let operand = node.input(2) else { return nil }
        guard let constant = operand.constant else { return .runtimeOperand(2) }
        return (try? constant.integers())?.first == 0 ? nil : .other("does not draw the random numbers of training")
    }
}
