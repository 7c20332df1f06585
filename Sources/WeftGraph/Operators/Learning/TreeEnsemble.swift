import WeftProvider

extension Operator {
    /// Trees of comparisons that lead each row [N, F] to leaves, whose weights are put together by target.
    package static let treeEnsemble = Operator(
        "TreeEnsemble", domain: "ai.onnx.ml", since: 5, inputs: 1...1,
        attributes: [
            .int("aggregate_function", 1), .required("leaf_targetids", .ints), .required("leaf_weights", .tensor),
            .optional("membership_values", .tensor), .required("n_targets", .int),
            .required("nodes_falseleafs", .ints), .required("nodes_falsenodeids", .ints),
            .required("nodes_featureids", .ints), .optional("nodes_hitrates", .tensor),
            .optional("nodes_missing_value_tracks_true", .ints), .required("nodes_modes", .tensor),
            .required("nodes_splits", .tensor), .required("nodes_trueleafs", .ints),
            .required("nodes_truenodeids", .ints), .int("post_transform", 0), .required("tree_roots", .ints),
        ]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: [.float32, .float64, .float16])
        let targets = try inference.int("n_targets")
        guard (1...1 << 40).contains(targets) else { throw WeftError(.invalidModel, "n_targets is \(targets)") }
        guard let x = inference.shape(0) else { return try inference.set(type, nil) }
        guard x.count == 2 else { throw WeftError(.invalidModel, "the input has shape \(x), should be [N, F]") }
        try inference.set(type, [x[0], targets])
    }

    /// The trees of older operator sets, whose nodes are named by tree and number, for regression.
    ///
    /// Written as a TreeEnsemble of float32, and the base values added to it.
    package static let treeEnsembleRegressor = Operator(
        "TreeEnsembleRegressor", domain: "ai.onnx.ml", since: 3, inputs: 1...1,
        attributes: [
            .string("aggregate_function", "SUM"), .optional("base_values", .floats), .required("n_targets", .int),
            .required("nodes_falsenodeids", .ints), .required("nodes_featureids", .ints),
            .optional("nodes_missing_value_tracks_true", .ints), .required("nodes_modes", .strings),
            .required("nodes_nodeids", .ints), .required("nodes_treeids", .ints),
            .required("nodes_truenodeids", .ints), .required("nodes_values", .floats),
            .string("post_transform", "NONE"), .required("target_ids", .ints), .required("target_nodeids", .ints),
            .required("target_treeids", .ints), .required("target_weights", .floats),
        ],
        lift: { draft, _, builder throws(WeftError) in
            let trees = try NamedTrees(draft, leaves: "target")
            let floats = builder.value()
            try builder.append(
                NodeDraft(
                    "Cast", name: draft.name, inputs: draft.inputs, outputs: [floats], attributes: ["to": .int(1)]),
                opset: 21)
            guard case .floats(let base)? = draft.attributes["base_values"], !base.isEmpty else {
                try builder.append(trees.ensemble(draft, inputs: [floats], outputs: draft.outputs), opset: 5)
                return true
            }
            guard case .string("NONE") = draft.attributes["post_transform"] ?? .string("NONE") else {
                throw WeftError(.invalidModel, "base_values under a post_transform are not supported")
            }
            let sums = builder.value()
            try builder.append(trees.ensemble(draft, inputs: [floats], outputs: [sums]), opset: 5)
            let offsets = builder.constant(ConstantFactory.constant(Tensor(base, shape: [base.count])))
            try builder.append(
                NodeDraft("Add", name: draft.name, inputs: [sums, offsets], outputs: draft.outputs), opset: 21)
            return true
        }
    ) { inference throws(WeftError) in try inference.set(.float32, nil) }
}
