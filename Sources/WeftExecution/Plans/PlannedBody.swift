import WeftGraph
import WeftInterpreter
import WeftPlanning
import WeftProvider

/// A body that was placed together with its caller, for inputs of which certain facts are known.
package final class PlannedBody: Sendable {
    let placed: Placed
    /// The body's frame in the placement.
    let frame: Int
    let devices: [EngineDevice]
    let call: PlacementGraph.Call

    /// Nil for the frame of the graph that is called from outside.
    init?(_ placed: Placed, frame: Int, devices: [EngineDevice]) {
        guard let call = placed.graph.frames[frame].call else { return nil }
        self.placed = placed
        self.frame = frame
        self.devices = devices
        self.call = call
    }

    /// Whether a call is of this body, with inputs that agree with the facts it was placed for.
    func fits(_ body: Graph, _ data: [Datum]) -> Bool {
        guard body === call.graph, data.count == call.facts.count else { return false }
        for (fact, datum) in zip(call.facts, data) {
            guard let contents = fact.contents else {
                if fact.type != datum.type { return false }
                continue
            }
            guard case .constant(let constant) = datum, constant.id == contents.id else { return false }
        }
        return true
    }
}
