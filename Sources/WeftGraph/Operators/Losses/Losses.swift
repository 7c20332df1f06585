import WeftProvider

extension Operator {
    /// Minus the log-probability of each target's class, weighted by class; reduced to a scalar unless told not to.
    ///
    /// Takes log-probabilities [N, C, d…], targets [N, d…] and optional weights [C].
    package static let negativeLogLikelihoodLoss = Operator(
        "NegativeLogLikelihoodLoss", since: 22, inputs: 2...3,
        attributes: [.optional("ignore_index", .int), .string("reduction", "mean")], infer: Rules.loss)

    /// The same of scores whose softmax over the classes is taken first; the log-probabilities are output 1.
    package static let softmaxCrossEntropyLoss = Operator(
        "SoftmaxCrossEntropyLoss", since: 13, inputs: 2...3, outputs: 1...2,
        attributes: [.optional("ignore_index", .int), .string("reduction", "mean")], infer: Rules.loss)
}

extension Rules {
    fileprivate static let loss: Rule = { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        _ = try inference.elementType(1, among: [.int32, .int64])
        if inference.has(2), try inference.elementType(2) != type {
            throw WeftError(.invalidModel, "scores and weights should have one type")
        }
        let reduction = inference.string("reduction") ?? "mean"
        guard ["none", "sum", "mean"].contains(reduction) else {
            throw WeftError(.invalidModel, "reduction '\(reduction)' is none of none, sum and mean")
        }
        let (x, target) = (inference.shape(0), inference.shape(1))
        if let x {
            guard x.count >= 2 else { throw WeftError(.invalidModel, "scores of shape \(x) have no axis of classes") }
            if let target, target != [x[0]] + x[2...] {
                throw WeftError(.invalidModel, "targets of shape \(target) do not fit scores of shape \(x)")
            }
            if let weights = inference.shape(2), weights != [x[1]] {
                throw WeftError(.invalidModel, "the weights should have shape [\(x[1])], have \(weights)")
            }
        }
        try inference.set(type, reduction == "none" ? target : [])
        try inference.set(output: 1, type, x)
    }
}
