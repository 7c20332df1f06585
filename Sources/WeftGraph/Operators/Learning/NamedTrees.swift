import WeftProvider

/// Trees as older operator sets wrote them: a list of nodes, leaves among them, each named by a tree and a number.
struct NamedTrees {
    private struct Name: Hashable {
        let tree: Int64
        let node: Int64
    }

    private let modes: [String]
    private let names: [Name]
    private let features: [Int64]
    private let values: [Float]
    private let branches: [(whenTrue: Int64, whenFalse: Int64)]
    private let tracksTrue: [Int64]
    /// The target and weight of each leaf that has one.
    private let weights: [(leaf: Name, target: Int64, weight: Float)]

    /// Reads the attributes `nodes_…`, and `LEAVES_…` for the weights.
    init(_ draft: NodeDraft, leaves: String) throws(WeftError) {
        func ints(_ name: String) -> [Int64] {
            if case .ints(let list)? = draft.attributes[name] { return list }
            return []
        }
        func floats(_ name: String) -> [Float] {
            if case .floats(let list)? = draft.attributes[name] { return list }
            return []
        }
        if case .strings(let list)? = draft.attributes["nodes_modes"] { modes = list } else { modes = [] }
        names = zip(ints("nodes_treeids"), ints("nodes_nodeids")).map { Name(tree: $0, node: $1) }
        features = ints("nodes_featureids")
        values = floats("nodes_values")
        branches = zip(ints("nodes_truenodeids"), ints("nodes_falsenodeids")).map { ($0, $1) }
        let tracked = ints("nodes_missing_value_tracks_true")
        tracksTrue = tracked.isEmpty ? [Int64](repeating: 0, count: names.count) : tracked
        let lists = (ints("\(leaves)_treeids"), ints("\(leaves)_nodeids"), ints("\(leaves)_ids"))
        let numbers = floats("\(leaves)_weights")
        guard case let count = names.count, modes.count == count, features.count == count, values.count == count,
            branches.count == count, tracksTrue.count == count
        else { throw WeftError(.invalidModel, "the lists nodes_… differ in length") }
        guard lists.0.count == numbers.count, lists.1.count == numbers.count, lists.2.count == numbers.count else {
            throw WeftError(.invalidModel, "the lists \(leaves)_… differ in length")
        }
        weights = numbers.indices.map { index in
            (Name(tree: lists.0[index], node: lists.1[index]), lists.2[index], numbers[index])
        }
    }

    private static let codes: [String: UInt8] = [
        "BRANCH_LEQ": 0, "BRANCH_LT": 1, "BRANCH_GTE": 2, "BRANCH_GT": 3, "BRANCH_EQ": 4, "BRANCH_NEQ": 5,
    ]
    private static let aggregates = ["AVERAGE", "SUM", "MIN", "MAX"]
    private static let transforms = ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"]

    /// The same trees as a TreeEnsemble.
    ///
    /// Throws `.invalidModel` for a branch that leads nowhere, a mode that is none, or a leaf of several targets.
    func ensemble(_ draft: NodeDraft, inputs: [Int], outputs: [Int]) throws(WeftError) -> NodeDraft {
        func position(_ name: String, in list: [String], standard: String) throws(WeftError) -> Int64 {
            guard case .string(let word) = draft.attributes[name] ?? .string(standard),
                let index = list.firstIndex(of: word)
            else {
                throw WeftError(.invalidModel, "\(name) is none of \(list)", node: draft.label)
            }
            return Int64(index)
        }
        var place: [Name: Int] = [:]
        for (index, name) in names.enumerated() where place.updateValue(index, forKey: name) != nil {
            throw WeftError(.invalidModel, "node \(name.node) of tree \(name.tree) is there twice", node: draft.label)
        }
        var ofLeaf: [Name: [Int]] = [:]
        for (index, entry) in weights.enumerated() { ofLeaf[entry.leaf, default: []].append(index) }

        var code: [UInt8] = [], split: [Float] = [], feature: [Int64] = [], tracks: [Int64] = []
        var next: [[Int64]] = [[], []], isLeaf: [[Int64]] = [[], []]
        var targets = weights.map(\.target), amounts = weights.map(\.weight)
        // Where each node lands; leaves are counted apart.
        var landing = [Int](repeating: -1, count: names.count)
        for index in names.indices where modes[index] != "LEAF" {
            landing[index] = code.count
            guard let number = Self.codes[modes[index]] else {
                throw WeftError(.invalidModel, "'\(modes[index])' is no mode of a node", node: draft.label)
            }
            code.append(number)
            split.append(values[index])
            feature.append(features[index])
            tracks.append(tracksTrue[index])
        }
        /// The place of what a branch leads to, and whether it is a leaf. A leaf without weights adds nothing.
        func end(_ name: Name) throws(WeftError) -> (Int64, Bool) {
            guard let index = place[name] else {
                throw WeftError(
                    .invalidModel, "node \(name.node) of tree \(name.tree) does not exist", node: draft.label)
            }
            guard landing[index] < 0 else { return (Int64(landing[index]), false) }
            let found = ofLeaf[name] ?? []
            guard found.count <= 1 else {
                throw WeftError(
                    .invalidModel, "a leaf with weights for \(found.count) targets is not supported",
                    hint: "export the model with ai.onnx.ml operator set 5", node: draft.label)
            }
            if let only = found.first { return (Int64(only), true) }
            targets.append(0)
            amounts.append(0)
            return (Int64(targets.count - 1), true)
        }
        var roots: [Int64] = []
        var rooted: Set<Int64> = []
        let branching = Set(names.indices.filter { landing[$0] >= 0 }.map { names[$0].tree })
        let reached = Set(
            names.indices.filter { landing[$0] >= 0 }.flatMap { index in
                [branches[index].whenTrue, branches[index].whenFalse].map { Name(tree: names[index].tree, node: $0) }
            })
        for (index, name) in names.enumerated() {
            if landing[index] >= 0 {
                for (side, branch) in [branches[index].whenTrue, branches[index].whenFalse].enumerated() {
                    let (to, leaf) = try end(Name(tree: name.tree, node: branch))
                    next[side].append(to)
                    isLeaf[side].append(leaf ? 1 : 0)
                }
            }
            guard landing[index] >= 0, !reached.contains(name) else { continue }
            guard rooted.insert(name.tree).inserted else {
                throw WeftError(.invalidModel, "tree \(name.tree) has several roots", node: draft.label)
            }
            roots.append(Int64(landing[index]))
        }
        // A tree that is a leaf: a node both of whose branches lead to it.
        for (index, name) in names.enumerated()
        where landing[index] < 0 && !branching.contains(name.tree) && rooted.insert(name.tree).inserted {
            let (to, _) = try end(name)
            roots.append(Int64(code.count))
            code.append(0)
            split.append(0)
            feature.append(0)
            tracks.append(0)
            for side in 0...1 {
                next[side].append(to)
                isLeaf[side].append(1)
            }
        }
        guard names.allSatisfy({ rooted.contains($0.tree) }) else {
            throw WeftError(.invalidModel, "a tree's nodes lead in a circle", node: draft.label)
        }
        let attributes: [String: Attribute] = [
            "aggregate_function": .int(try position("aggregate_function", in: Self.aggregates, standard: "SUM")),
            "leaf_targetids": .ints(targets),
            "leaf_weights": .tensor(ConstantFactory.constant(Tensor(amounts, shape: [amounts.count]))),
            "n_targets": draft.attributes["n_targets"] ?? .int(1), "nodes_falseleafs": .ints(isLeaf[1]),
            "nodes_falsenodeids": .ints(next[1]), "nodes_featureids": .ints(feature),
            "nodes_missing_value_tracks_true": .ints(tracks),
            "nodes_modes": .tensor(ConstantFactory.constant(Tensor(code, shape: [code.count]))),
            "nodes_splits": .tensor(ConstantFactory.constant(Tensor(split, shape: [split.count]))),
            "nodes_trueleafs": .ints(isLeaf[0]), "nodes_truenodeids": .ints(next[0]),
            "post_transform": .int(try position("post_transform", in: Self.transforms, standard: "NONE")),
            "tree_roots": .ints(roots),
        ]
        return NodeDraft(
            "TreeEnsemble", domain: "ai.onnx.ml", name: draft.name, inputs: inputs, outputs: outputs,
            attributes: attributes)
    }
}
