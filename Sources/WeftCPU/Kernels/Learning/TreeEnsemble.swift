import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Row by row, tree by tree; rows in parallel.
    static let treeEnsemble = SupportRow(
        "TreeEnsemble", domain: "ai.onnx.ml", types: TypeConstraint([.float32, .float64, .float16]), if: .rank(2...2),
        variants: { node, _ in
            var trees = 1.0
            if case .ints(let roots)? = node.attributes["tree_roots"] { trees = Double(roots.count) }
            return [Variant("plain", work: .elements(of: node, flopsPerElement: 20 * trees, rate: .reference))]
        },
        kernel: HostKernel { node throws(WeftError) in
            let trees = try Trees(node.view)
            let (rows, features) = (node.view.inputShape(0)[0], node.view.inputShape(0)[1])
            guard trees.featureCount <= features else {
                throw WeftError(
                    .invalidModel, "reads feature \(trees.featureCount - 1), rows have \(features)",
                    node: node.view.label)
            }
            let read = try CastReader().dispatch(node.view.inputType(0))
            let write = try CastWriter().dispatch(node.view.outputType(0))
            let targets = trees.targetCount
            return { invocation throws(WeftError) in
                let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
                let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                try invocation.workers.forEachRange(of: rows, grain: 16) { range, _ in
                    for row in range {
                        var scores = trees.scores { read(x, row * features + $0) }
                        trees.transform(&scores)
                        for target in 0..<targets { write(y, row * targets + target, scores[target]) }
                    }
                }
            }
        })
}

/// A TreeEnsemble's trees, checked: every branch leads to a node or a leaf that exists, and none in a circle.
private struct Trees: Sendable {
    private struct Branch {
        let feature: Int
        let mode: Int
        let split: Double
        let members: Set<Double>
        let next: (whenTrue: Int, whenFalse: Int)
        /// Leaves are counted apart from nodes.
        let isLeaf: (whenTrue: Bool, whenFalse: Bool)
        let missingIsTrue: Bool
    }

    let targetCount: Int
    let featureCount: Int
    private let branches: [Branch]
    private let roots: [Int]
    private let leaves: [(target: Int, weight: Double)]
    private let aggregate: Int
    private let post: Int

    init(_ node: NodeView) throws(WeftError) {
        func refuse(_ what: String) -> WeftError { WeftError(.invalidModel, what, node: node.label) }
        func numbers(_ name: String) throws(WeftError) -> [Double] {
            guard case .tensor(let constant)? = node.attributes[name] else { return [] }
            let tensor = try constant.tensor()
            let read = try CastReader().dispatch(tensor.elementType)
            guard let bytes = tensor.storage.bytes.baseAddress else { return [] }
            return (0..<tensor.elementCount).map { read(bytes, $0) }
        }
        targetCount = try node.int("n_targets")
        aggregate = try node.int("aggregate_function")
        post = try node.int("post_transform")
        guard (0...3).contains(aggregate), (0...4).contains(post) else {
            throw refuse("aggregate_function \(aggregate) or post_transform \(post) is not known")
        }
        let modes = try numbers("nodes_modes"), splits = try numbers("nodes_splits")
        let features = try node.ints("nodes_featureids")
        let next = (try node.ints("nodes_truenodeids"), try node.ints("nodes_falsenodeids"))
        let leaf = (try node.ints("nodes_trueleafs"), try node.ints("nodes_falseleafs"))
        var missing = [Int](repeating: 0, count: modes.count)
        if node.attributes["nodes_missing_value_tracks_true"] != nil {
            missing = try node.ints("nodes_missing_value_tracks_true")
        }
        let lists = [features, missing, next.0, next.1, leaf.0, leaf.1]
        guard splits.count == modes.count, lists.allSatisfy({ $0.count == modes.count }) else {
            throw refuse("the lists nodes_… differ in length")
        }
        let targets = try node.ints("leaf_targetids"), weights = try numbers("leaf_weights")
        let kinds = 0..<targetCount
        guard targets.count == weights.count, targets.allSatisfy(kinds.contains) else {
            throw refuse("the leaves' targets and weights do not fit \(targetCount) targets")
        }
        leaves = zip(targets, weights).map { ($0, $1) }
        var sets = try numbers("membership_values").split(omittingEmptySubsequences: false) { $0.isNaN }[...]
        var branches: [Branch] = []
        for index in modes.indices {
            guard (0...6).contains(modes[index]), features[index] >= 0 else {
                throw refuse("node \(index) has mode \(modes[index]) and feature \(features[index])")
            }
            for (to, isLeaf) in [(next.0[index], leaf.0[index]), (next.1[index], leaf.1[index])] {
                guard (0..<(isLeaf != 0 ? leaves.count : modes.count)).contains(to) else {
                    throw refuse("node \(index) leads to \(isLeaf != 0 ? "leaf" : "node") \(to), which does not exist")
                }
            }
            let members = modes[index] == 6 ? Set(sets.popFirst() ?? []) : []
            branches.append(
                Branch(
                    feature: features[index], mode: Int(modes[index]), split: splits[index], members: members,
                    next: (next.0[index], next.1[index]), isLeaf: (leaf.0[index] != 0, leaf.1[index] != 0),
                    missingIsTrue: missing[index] != 0))
        }
        self.branches = branches
        featureCount = (features.max() ?? -1) + 1
        roots = try node.ints("tree_roots")
        guard !roots.isEmpty, roots.allSatisfy(branches.indices.contains) else {
            throw refuse("tree_roots names a node that does not exist")
        }
        guard !hasCircle else { throw refuse("the nodes lead in a circle") }
    }

    /// Whether some node leads to itself.
    private var hasCircle: Bool {
        var state = [UInt8](repeating: 0, count: branches.count)
        for root in roots {
            var path = [(node: root, turn: 0)]
            while let (node, turn) = path.last {
                guard turn < 2, state[node] < 2 else {
                    state[node] = 2
                    path.removeLast()
                    continue
                }
                state[node] = 1
                path[path.count - 1].turn += 1
                let branch = branches[node]
                guard !(turn == 0 ? branch.isLeaf.whenTrue : branch.isLeaf.whenFalse) else { continue }
                let next = turn == 0 ? branch.next.whenTrue : branch.next.whenFalse
                if state[next] == 1 { return true }
                if state[next] == 0 { path.append((next, 0)) }
            }
        }
        return false
    }

    /// What all trees together say of a row.
    func scores(_ feature: (Int) -> Double) -> [Double] {
        let start = aggregate == 2 ? Double.infinity : aggregate == 3 ? -.infinity : 0
        var scores = [Double](repeating: start, count: targetCount)
        for root in roots {
            let leaf = leaves[reached(from: root, feature)]
            switch aggregate {
            case 2: scores[leaf.target] = Swift.min(scores[leaf.target], leaf.weight)
            case 3: scores[leaf.target] = Swift.max(scores[leaf.target], leaf.weight)
            default: scores[leaf.target] += leaf.weight
            }
        }
        for target in scores.indices {
            if aggregate == 0 { scores[target] /= Double(roots.count) }
            if !scores[target].isFinite, aggregate >= 2 { scores[target] = 0 }
        }
        return scores
    }

    private func reached(from root: Int, _ feature: (Int) -> Double) -> Int {
        var node = root
        while true {
            let branch = branches[node]
            let x = feature(branch.feature)
            let (next, leaf) =
                holds(branch, x)
                ? (branch.next.whenTrue, branch.isLeaf.whenTrue) : (branch.next.whenFalse, branch.isLeaf.whenFalse)
            if leaf { return next }
            node = next
        }
    }

    private func holds(_ branch: Branch, _ x: Double) -> Bool {
        if x.isNaN, branch.missingIsTrue { return true }
        switch branch.mode {
        case 0: return x <= branch.split
        case 1: return x < branch.split
        case 2: return x >= branch.split
        case 3: return x > branch.split
        case 4: return x == branch.split
        case 5: return x != branch.split
        default: return branch.members.contains(x)
        }
    }

    func transform(_ scores: inout [Double]) {
        switch post {
        case 1, 3:
            let greatest = scores.max() ?? 0
            let shares = scores.map { post == 3 && $0 == 0 ? 0 : ($0 - greatest).exponential }
            let total = shares.reduce(0, +)
            scores = shares.map { total > 0 ? $0 / total : 0 }
        case 2: scores = scores.map { $0.sigmoid }
        case 4: scores = scores.map { Self.probit($0) }
        default: return
        }
    }

    /// The inverse of the normal distribution's function, by Winitzki's approximation, as the standard's runtimes have it.
    private static func probit(_ share: Double) -> Double {
        let x = 2 * share - 1
        let logarithm = ((1 - x) * (1 + x)).logarithm
        let first = 2 / (Double.pi * 0.147) + 0.5 * logarithm
        let root = (first * first - logarithm / 0.147).squareRoot() - first
        return 2.0.squareRoot() * (x < 0 ? -1 : 1) * root.squareRoot()
    }
}
