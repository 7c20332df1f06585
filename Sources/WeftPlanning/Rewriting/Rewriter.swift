package import WeftProvider

/// Brings a specialised graph to forms that say the same with fewer passes over memory.
///
/// What comes out is ONNX again, so that every provider sees it. Values that leave the graph keep their numbers.
package struct Rewriter {
    /// Changes the graph round one unit; says whether it did.
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

    /// Applies rules until none changes anything; each removes a node or makes one simpler, so that this ends.
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
