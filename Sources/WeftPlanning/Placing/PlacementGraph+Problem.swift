import WeftPlacement
import WeftProvider

extension PlacementGraph {
    /// The problem for the cut: prices by memory space, values that may need transfers, and savings of fusions.
    ///
    /// Every price counts as often as its frame runs. The transfer of a value counts as often as the frame that owns it
    /// runs: one that bodies capture goes to a space once, however many trips read it there, while inputs and outputs
    /// of a body cross to and from the host on every trip. With `frame`, the problem is that of one frame alone: its
    /// run counts once, and values that it captures need no transfer.
    func problem(_ fusions: FusionChoice, spaces: MemorySpaces, frame: Int? = nil) -> PlacementProblem {
        // Never zero, because an infinite price times zero would not be infinite.
        func count(_ number: Int) -> Double { frame == nil ? max(frames[number].count, 1e-9) : 1 }
        let members = frame.map { frames[$0].nodes } ?? Array(view.nodes.indices)
        var position = [Int](repeating: -1, count: view.nodes.count)
        for (index, node) in members.enumerated() { position[node] = index }
        var problem = PlacementProblem(spaces: spaces.count)
        problem.nodes = members.map { node in
            let times = count(frameOfNode[node])
            return .init(prices: fusions.prices[node].map { $0 * times })
        }
        for (value, facts) in values.enumerated() where frame == nil || facts.frame == frame {
            let producer = view.producer(of: value)
            let consumers = view.consumers(of: value)
            guard facts.contents == nil, producer != nil || !consumers.isEmpty, let bytes = facts.type?.byteCount else {
                continue
            }
            let times = count(facts.frame)
            problem.values.append(
                .init(
                    origin: producer.map { .node(position[$0]) } ?? .space(0),
                    consumers: consumers.compactMap { position[$0] >= 0 ? position[$0] : nil },
                    destination: view.isOutput(value) ? 0 : nil,
                    transfer: spaces.links.prices(bytes: bytes, times: times), count: times, bytes: bytes))
        }
        for candidate in fusions.disjoint(spaces: spaces.count) {
            let group = candidate.group.members
            guard group.allSatisfy({ position[$0] >= 0 }) else { continue }
            problem.fusions.append(
                .init(
                    members: group.map { position[$0] }, space: candidate.space,
                    saving: max(0, candidate.saving) * count(frameOfNode[group[0]])))
        }
        return problem
    }

    /// For each node of a frame, the nodes of the frame that it waits for, by position in the frame.
    func dependencies(in frame: Int) -> [[Int]] {
        var position: [Int: Int] = [:]
        for (index, node) in frames[frame].nodes.enumerated() { position[node] = index }
        return frames[frame].nodes.map { node in
            view.nodes[node].inputs.compactMap { operand in
                operand.flatMap { view.producer(of: $0.value) }.flatMap { position[$0] }
            }
        }
    }
}
