import WeftProvider

extension Operator {
    /// (x - mean) / sqrt(var + epsilon) * scale + bias by channel, axis 1.
    ///
    /// In training mode mean and variance are those of the batch, and outputs 1 and 2 the running ones.
    package static let batchNormalization = Operator(
        "BatchNormalization", since: 15, inputs: 5...5, outputs: 1...3,
        attributes: [.float("epsilon", 1e-5), .float("momentum", 0.9), .int("training_mode", 0)],
        lift: { draft, opset, _ throws(WeftError) in
            guard opset < 14 else { return false }
            if case .int(0)? = draft.attributes["spatial"] {
                throw WeftError(
                    .unsupportedVersion, "spatial = 0, as opsets before 9 had it, is not supported",
                    hint: "convert the model to a newer operator set")
            }
            guard draft.outputs.dropFirst().allSatisfy({ $0 == Node.absent }) else {
                throw WeftError(
                    .unsupportedVersion, "training, as opsets before 14 had it, is not supported",
                    hint: "export the model for inference")
            }
            draft.outputs = Array(draft.outputs.prefix(1))
            for name in ["spatial", "is_test", "consumed_inputs"] { draft.attributes[name] = nil }
            return false
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        let x = inference.shape(0)
        if let x {
            let channels = x.count > 1 ? x[1] : 1
            for index in 1...4 {
                guard let shape = inference.shape(index), shape != [channels] else { continue }
                throw WeftError(.invalidModel, "input \(index) should have shape [\(channels)], has \(shape)")
            }
        }
        try inference.set(type, x)
        guard inference.outputs.count > 1 else { return }
        guard try inference.int("training_mode") != 0 else {
            throw WeftError(.invalidModel, "outputs 1 and 2 are there in training mode only")
        }
        let statistics = try inference.elementType(3)
        let shape = x.map { [$0.count > 1 ? $0[1] : 1] }
        try inference.set(output: 1, statistics, shape)
        try inference.set(output: 2, statistics, shape)
    }
}
