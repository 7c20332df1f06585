package import WeftProvider

/// Rewrites a specialised graph to an equivalent one that makes fewer passes over memory.
///
/// Rules make nodes of ONNX operators only, which every provider knows. Graph outputs keep their numbers.
package struct Rewriter {
    /// Changes the graph around one unit; returns whether it changed anything.
    typealias Rule = (_ unit: Int, _ graph: inout RewriteGraph) throws(WeftError) -> Bool

    private let constants: DerivedConstants

    package init(_ constants: DerivedConstants) { self.constants = constants }

    package func rewrite(_ specialised: Specialised) throws(WeftError) -> Specialised {
        var graph = RewriteGraph(specialised)
        let pairs = TransposePairs()
        try exhaust([pairs.apply], &graph)
        if try TransposeMoves(constants).apply(&graph) { try exhaust([pairs.apply], &graph) }
        try exhaust([ConvAffine(constants).apply, ClipChain().apply, SpatialMean().apply], &graph)
        graph.removeUnread()
        return try graph.finished()
    }

    /// Applies rules until none changes anything. It ends because each change removes or simplifies a node.
    private func exhaust(_ rules: [Rule], _ graph: inout RewriteGraph) throws(WeftError) {
        var changed = true
        while changed {
            changed = false
            for unit in graph.indices {
                for rule in rules where graph.node(unit) != nil {
                    while try rule(unit, &graph) { changed = true }
                }
            }
        }
    }
}
