import WeftProvider

/// What the bodies of a control-flow unit take and read, once they are placed.
package struct BodyWork: Sendable {
    /// A value of the caller's that a body reads in the memory of a device of its own.
    package struct Reading: Hashable, Sendable, Comparable {
        package let value: Int
        /// Index into the engine's devices.
        package let device: Int

        package static func < (first: Reading, second: Reading) -> Bool {
            (first.device, first.value) < (second.device, second.value)
        }
    }

    /// The unit's index among the graph's.
    package let unit: Int
    /// Predicted, of all trips.
    package var seconds = 0.0
    package var readings: Set<Reading> = []
}

extension Placer {
    /// The work of each unit whose bodies are drafted; `drafts` are by body.
    func works(_ drafts: [Draft]) -> [Int: BodyWork] {
        var works: [Int: BodyWork] = [:]
        for (body, draft) in zip(bodies, drafts) {
            var work = works[body.unit] ?? BodyWork(unit: body.unit)
            work.seconds += draft.seconds * body.trips.count
            let outer = Dictionary(body.captured.map { ($0.inner, $0.outer) }) { first, _ in first }
            func read(_ value: Int, _ device: Int) {
                if let outer = outer[value] { work.readings.insert(.init(value: outer, device: device)) }
            }
            for item in draft.work.items {
                switch item {
                case .node(let node) where !spaces.isHost(node.device):
                    for case let operand? in node.view.inputs { read(operand.value, node.device) }
                case .node: break
                case .unit: for reading in item.readings { read(reading.value, reading.device) }
                }
            }
            works[body.unit] = work
        }
        return works
    }
}
