import WeftPlacement
import WeftProvider

extension PlacementProblem {
    /// What the cut decides: prices by memory space, tensors that may have to move, and fusions' savings.
    ///
    /// `values` are the graph's, by number. A value that is an output of the view has to end on the host.
    init(
        _ view: GraphView, values: [Specialised.Value], prices: [[Double]], fusions: [FusionChoice.Candidate],
        spaces: MemorySpaces
    ) {
        self.init(spaces: spaces.count)
        nodes = prices.map { Node(prices: $0) }
        for (value, facts) in values.enumerated() {
            let producer = view.producer(of: value)
            let consumers = view.consumers(of: value)
            guard facts.contents == nil, producer != nil || !consumers.isEmpty, let bytes = facts.type?.byteCount else {
                continue
            }
            self.values.append(
                Value(
                    origin: producer.map { .node($0) } ?? .space(0), consumers: consumers,
                    destination: view.isOutput(value) ? 0 : nil, transfer: spaces.links.prices(bytes: bytes),
                    bytes: bytes))
        }
        self.fusions = fusions.map { Fusion(members: $0.group.members, space: $0.space, saving: max(0, $0.saving)) }
    }
}
