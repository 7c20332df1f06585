import WeftProvider

extension Operator {
    /// Features [N, F] by coefficients [targets, F], and intercepts added: written as a Gemm of float32.
    package static let linearRegressor = Operator(
        "LinearRegressor", domain: "ai.onnx.ml", since: 1, inputs: 1...1,
        attributes: [
            .required("coefficients", .floats), .optional("intercepts", .floats), .string("post_transform", "NONE"),
            .int("targets", 1),
        ],
        lift: { draft, _, builder throws(WeftError) in
            guard case .floats(let coefficients)? = draft.attributes["coefficients"], !coefficients.isEmpty else {
                throw WeftError(.invalidModel, "attribute 'coefficients' is missing")
            }
            guard case .string("NONE") = draft.attributes["post_transform"] ?? .string("NONE") else {
                throw WeftError(.invalidModel, "a post_transform of a LinearRegressor is not supported")
            }
            var targets = 1
            if case .int(let given)? = draft.attributes["targets"] { targets = Int(given) }
            guard targets >= 1, coefficients.count % targets == 0, draft.inputs.count == 1 else {
                throw WeftError(.invalidModel, "\(coefficients.count) coefficients do not fit \(targets) targets")
            }
            let floats = builder.value()
            try builder.append(
                NodeDraft(
                    "Cast", name: draft.name, inputs: draft.inputs, outputs: [floats], attributes: ["to": .int(1)]),
                opset: 21)
            let shape = [targets, coefficients.count / targets]
            var inputs = [floats, builder.constant(ConstantFactory.constant(Tensor(coefficients, shape: shape)))]
            if case .floats(let intercepts)? = draft.attributes["intercepts"], !intercepts.isEmpty {
                let tensor = Tensor(intercepts, shape: [intercepts.count])
                inputs.append(builder.constant(ConstantFactory.constant(tensor)))
            }
            try builder.append(
                NodeDraft(
                    "Gemm", name: draft.name, inputs: inputs, outputs: draft.outputs, attributes: ["transB": .int(1)]),
                opset: 21)
            return true
        }
    ) { inference throws(WeftError) in try inference.set(.float32, nil) }
}
