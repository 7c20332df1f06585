public import WeftProvider

/// Finds attention that is written as single nodes, with the views and transposes around it.
///
///     Q [x scale] -> MatMul [x scale] [+ mask] [+ mask] -> Softmax -> MatMul [-> Transpose]
///     K [x scale] ----^                                         V ----^
///
/// Q, K and V are followed back through transposes, slices, splits and reshapes, Q and K through scalar factors
/// too, as long as nothing else reads the values in between. The fused node is `FusedAttention` of domain `weft`.
/// Its inputs are Q, K, V and up to two masks, all float32. Its attributes are `rows` (queries), `columns` (keys),
/// `depth` (of Q and K), `width` (of V), `scale`, and for each of `q`, `k`, `v`, `y`, `mask0`, `mask1` its
/// `MatrixView`.
public struct AttentionSearch {
    private let graph: GraphView

    /// A search in a graph.
    public init(_ graph: GraphView) { self.graph = graph }

    /// All attentions that were found; no two share a node.
    public func fusions() -> [Fusion] {
        var used: Set<Int> = []
        var found: [Fusion] = []
        for (index, node) in graph.nodes.enumerated() where node.opType == "Softmax" && node.domain.isEmpty {
            guard let fusion = AttentionMatch(graph, softmax: index)?.fusion, used.isDisjoint(with: fusion.members)
            else { continue }
            used.formUnion(fusion.members)
            found.append(fusion)
        }
        return found
    }
}

/// One attention, found from its Softmax in both directions.
private struct AttentionMatch {
    /// The nodes from the product of Q and K to the Softmax.
    private struct Scores {
        let product: Int
        var members: [Int] = []
        var scale: Float = 1
        /// Each mask, and the shape that it is broadcast to.
        var masks: [(operand: Operand, shape: [Int])] = []
    }

    private let graph: GraphView
    private let softmax: NodeView
    private var scores = Scores(product: 0)
    private let core: Set<Int>
    /// The index of the product with V.
    private let second: Int
    private let end: Operand
    private let order: [Int]?
    private var sources: [AttentionSource]

    init?(_ graph: GraphView, softmax index: Int) {
        self.graph = graph
        softmax = graph.nodes[index]
        guard let x = softmax.input(0), let weights = softmax.output(0), x.type.elementType == .float32,
            x.shape.count >= 2, x.shape.elementCount > 0, (try? softmax.axis("axis")) == x.shape.count - 1
        else { return nil }
        var core: Set<Int> = [index]
        // Search backwards for the first product, forwards for the second.
        guard let scores = Self.scores(graph, x, for: index) else { return nil }
        core.formUnion(scores.members + [scores.product])
        var current = weights
        var next = graph.soleConsumer(of: current.value)
        while let member = next, let kept = Self.kept(graph.nodes[member], current) {
            core.insert(member)
            current = kept
            next = graph.soleConsumer(of: current.value)
        }
        guard let second = next, graph.nodes[second].opType == "MatMul", graph.nodes[second].domain.isEmpty,
            graph.nodes[second].input(0)?.value == current.value, graph.nodes[second].input(1)?.value != current.value,
            let product = graph.nodes[second].output(0),
            Array(product.shape.dropLast(2)).elementCount
                == Array(graph.nodes[scores.product].outputShape(0).dropLast(2)).elementCount
        else { return nil }
        core.insert(second)
        // A transpose that keeps the last axis is part of the fused node, which writes its rows to their new places.
        if let after = graph.soleConsumer(of: product.value), graph.nodes[after].opType == "Transpose",
            let order = try? graph.nodes[after].ints("perm"), order.last == order.count - 1,
            let output = graph.nodes[after].output(0)
        {
            core.insert(after)
            (self.order, end) = (order, output)
        } else {
            (order, end) = (nil, product)
        }
        let (first, last) = (graph.nodes[scores.product], graph.nodes[second])
        guard let q = first.input(0), let k = first.input(1), let v = last.input(1), q.shape.count >= 2,
            k.shape.count >= 2, v.shape.count >= 2
        else { return nil }
        self.scores = scores
        self.core = core
        self.second = second
        sources = [(q, true), (k, true), (v, false)].map {
            AttentionSource(graph, $0.0, core: core, scaled: $0.1)
        }
        settle()
    }

    /// The members and the fused node; nil if strides cannot describe an operand.
    var fusion: Fusion? {
        let (first, last) = (graph.nodes[scores.product], graph.nodes[second])
        guard let product = first.output(0)?.shape, let result = last.output(0)?.shape,
            let depth = first.inputShape(0).last, sources.allSatisfy({ $0.source.constant == nil })
        else { return nil }
        let (inner, outer) = (Array(product.dropLast(2)), Array(result.dropLast(2)))
        guard let q = MatrixView(sources[0].view, over: inner), let k = MatrixView(sources[1].view, over: inner),
            let v = MatrixView(sources[2].view, over: outer), let y = MatrixView(target(result), over: outer)
        else { return nil }
        var attributes: [String: Attribute] = [
            "rows": .int(Int64(product[product.count - 2])), "columns": .int(Int64(product[product.count - 1])),
            "depth": .int(Int64(depth)), "width": .int(Int64(result[result.count - 1])),
            "scale": .float(sources.reduce(scores.scale) { $0 * $1.factor }),
            "q": q.attribute, "k": k.attribute, "v": v.attribute, "y": y.attribute,
        ]
        for (index, mask) in scores.masks.enumerated() {
            guard let view = MatrixView(StridedView(dense: mask.operand.shape), over: Array(mask.shape.dropLast(2)))
            else { return nil }
            attributes["mask\(index)"] = view.attribute
        }
        let members = sources.reduce(core) { $0.union($1.members) }.sorted()
        let fused = NodeView(
            id: softmax.id, name: softmax.name, domain: FusedNode.domain, opType: FusedNode.attention,
            inputs: sources.map(\.source) + scores.masks.map(\.operand), outputs: [end], attributes: attributes)
        return Fusion(members: members, fused: fused)
    }

    /// Where the elements of the second product's output lie in the fused node's output.
    private func target(_ shape: [Int]) -> StridedView {
        guard let order else { return StridedView(dense: shape) }
        let inverse = order.indices.map { axis in Int64(order.firstIndex(of: axis) ?? axis) }
        let back = NodeView(
            id: -1, name: "", opType: "Transpose", inputs: [end],
            outputs: [Operand(value: -1, type: .tensor(.float32, .fixed(shape)))], attributes: ["perm": .ints(inverse)])
        return StridedView(dense: end.shape).after(back, output: 0) ?? StridedView(dense: shape)
    }

    // MARK: Parts

    /// The nodes back from `operand` to the product; nil if there is no product, or another node reads in between.
    ///
    /// Going back, no mask is accepted after a scalar factor, so that masks are added to scaled scores.
    private static func scores(
        _ graph: GraphView, _ operand: Operand, for reader: Int, masks: Bool = true
    ) -> Scores? {
        guard graph.soleConsumer(of: operand.value) == reader, let index = graph.producer(of: operand.value) else {
            return nil
        }
        let node = graph.nodes[index]
        guard node.domain.isEmpty, node.outputs.count == 1, operand.type.elementType == .float32 else { return nil }
        if let factor = ScalarFactor(node) {
            guard var found = scores(graph, factor.operand, for: index, masks: false) else { return nil }
            found.scale *= factor.value
            found.members.append(index)
            return found
        }
        switch node.opType {
        case "MatMul": return Scores(product: index)
        case "Add":
            guard masks, let a = node.input(0), let b = node.input(1) else { return nil }
            for (inner, mask) in [(a, b), (b, a)]
            where inner.shape == operand.shape && isMask(mask, over: operand.shape) {
                guard var found = scores(graph, inner, for: index), found.masks.count < 2 else { continue }
                found.masks.append((mask, operand.shape))
                found.members.append(index)
                return found
            }
            return nil
        default:
            guard let inner = node.input(0), kept(node, inner) != nil,
                var found = scores(graph, inner, for: index, masks: masks)
            else { return nil }
            found.members.append(index)
            return found
        }
    }

    /// Whether a mask has an element for each column, so that each of its rows can be added to a row of scores.
    private static func isMask(_ mask: Operand, over shape: [Int]) -> Bool {
        mask.type.elementType == .float32 && mask.shape.count >= 2 && mask.shape.last == shape.last
    }

    /// The output of a node that leaves the matrices of `operand` unchanged; nil if the node is not of that kind.
    private static func kept(_ node: NodeView, _ operand: Operand) -> Operand? {
        guard node.domain.isEmpty, node.outputs.count == 1, node.input(0)?.value == operand.value,
            let output = node.output(0), output.type.elementType == operand.type.elementType
        else { return nil }
        switch node.opType {
        case "Cast": return output
        case "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze":
            return output.shape.count >= 2 && output.shape.suffix(2) == operand.shape.suffix(2) ? output : nil
        default: return nil
        }
    }

    /// Drops steps from the sources until no node outside the fusion reads a value inside it, and strides fit kernels.
    private mutating func settle() {
        var settled = false
        while !settled {
            settled = true
            let inside = sources.reduce(core) { $0.union($1.members) }
            let outer = sources.map(\.source.value) + scores.masks.map(\.operand.value)
            let made = Set(outer.compactMap { graph.producer(of: $0) }).intersection(inside)
            for index in sources.indices {
                let kept = sources[index].keep { member in
                    !made.contains(member)
                        && graph.nodes[member].outputs.allSatisfy { output in
                            guard let output else { return true }
                            return !graph.isOutput(output.value)
                                && graph.consumers(of: output.value).allSatisfy(inside.contains)
                        }
                }
                let view = sources[index].view
                // The kernels read rows of Q, so its columns must be dense; they pack K and V from dense rows or
                // columns.
                let rank = view.strides.count
                let ends = (0..<2).map { view.shape[rank - 1 - $0] == 1 ? 1 : view.strides[rank - 1 - $0] }
                let fits = ends[0] == 1 || index > 0 && ends[1] == 1
                if !fits { sources[index].clear() }
                if !kept || !fits { settled = false }
            }
        }
    }
}
