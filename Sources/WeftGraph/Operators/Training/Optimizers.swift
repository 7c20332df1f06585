import WeftProvider

extension Operator {
    /// Tensors X moved against their gradients G, by rates that sums H of squared gradients slow down.
    package static let adagrad = optimizer(
        "Adagrad", states: 1, [.float("decay_factor", 0), .float("epsilon", 1e-6), .float("norm_coefficient", 0)])

    /// Tensors X moved against running means V of their gradients G, scaled by running means H of their squares.
    package static let adam = optimizer(
        "Adam", states: 2,
        [
            .float("alpha", 0.9), .float("beta", 0.999), .float("epsilon", 1e-6), .float("norm_coefficient", 0),
            .float("norm_coefficient_post", 0),
        ])

    /// Tensors X moved by a velocity V that their gradients G change.
    package static let momentum = optimizer(
        "Momentum", states: 1,
        [
            .required("alpha", .float), .required("beta", .float), .required("mode", .string),
            .required("norm_coefficient", .float),
        ])

    /// Takes a rate, an update count, then any number of tensors, gradients and `states` states of each; gives the new
    /// tensors and states.
    private static func optimizer(_ name: String, states: Int, _ attributes: [AttributeSpec]) -> Operator {
        Operator(
            name, domain: "ai.onnx.preview.training", since: 1, inputs: (4 + states)...Int.max,
            outputs: (1 + states)...Int.max, attributes: attributes
        ) { inference throws(WeftError) in
            let given = inference.inputs.count - 2
            guard given % (2 + states) == 0 else {
                throw WeftError(.invalidModel, "\(given) tensors are no multiple of \(2 + states)")
            }
            let count = given / (2 + states)
            guard inference.outputs.count == count * (1 + states) else {
                throw WeftError(
                    .invalidModel, "gives \(count * (1 + states)) outputs, has \(inference.outputs.count)")
            }
            for index in 0..<count {
                let type = try inference.elementType(2 + index, among: .float)
                for part in 1..<(2 + states) {
                    let other = 2 + part * count + index
                    guard try inference.elementType(other) == type else {
                        throw WeftError(.invalidModel, "input \(other) is not of type \(type)")
                    }
                    guard let a = inference.shape(2 + index), let b = inference.shape(other), a != b else { continue }
                    throw WeftError(.invalidModel, "inputs \(2 + index) and \(other) have shapes \(a) and \(b)")
                }
                for part in 0..<(1 + states) {
                    try inference.set(output: part * count + index, type, inference.shape(2 + index))
                }
            }
        }
    }
}
