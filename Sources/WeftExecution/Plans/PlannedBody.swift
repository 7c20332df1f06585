import WeftGraph
import WeftInterpreter
import WeftPlanning
import WeftProvider

/// A body that was placed together with its caller, and what it was placed for.
package final class PlannedBody: Sendable {
    let graph: Graph
    let facts: [Fact]
    let placed: Placed
    let specialised: Specialised
    let devices: [EngineDevice]

    init(_ body: Placed.Body, devices: [EngineDevice]) {
        graph = body.graph
        facts = body.facts
        placed = body.placed
        specialised = body.specialised
        self.devices = devices
    }

    /// What tells this placement from another.
    package var outline: [String] { placed.outline }

    /// Whether it is this body that is called, on what it was placed for.
    func fits(_ body: Graph, _ data: [Datum]) -> Bool {
        guard body === graph, data.count == facts.count else { return false }
        for (fact, datum) in zip(facts, data) {
            guard let contents = fact.contents else {
                if fact.type != datum.type { return false }
                continue
            }
            guard case .constant(let constant) = datum, constant.id == contents.id else { return false }
        }
        return true
    }
}
