import WeftGraph
import WeftInterpreter
import WeftPlanning
import WeftProvider

/// Makes a plan of placed work: compiles its segments, and writes the steps with the copies between memories.
struct PlanBuilder {
    /// The graph and inputs that the plan is for, for messages.
    let title: String
    let placed: Placed
    /// The frame of the placement that the plan is for.
    let frame: Int
    /// The work of that frame.
    let own: PlacedWork
    let inputs: [Int]
    let outputs: [Int]
    let devices: [EngineDevice]
    let workerCount: Int
    var phases = PhaseLog()
    /// The memory that devices with limits have left for it.
    var room = DeviceRoom()
    let homes: ValueHomes

    init(_ placed: Placed, frame: Int, title: String, devices: [EngineDevice], workerCount: Int) {
        self.title = title
        self.placed = placed
        self.frame = frame
        own = placed.works[frame]
        inputs = placed.graph.frames[frame].inputs
        outputs = placed.graph.frames[frame].outputs
        self.devices = devices
        self.workerCount = workerCount
        homes = ValueHomes(own, inputs: inputs, outputs: outputs, devices: devices)
    }

    func build(constants store: PackedStore.Lease) throws(WeftError) -> Plan {
        let layout = try homes.layOut()
        let needs = homes.needs(layout)
        try checkLimits(needs)
        return try assemble(layout, needs, store)
    }

    func isUnified(_ space: Int) -> Bool { homes.isUnified(space) }

    func space(_ device: Int?) -> Int { homes.space(device) }

    func bytes(_ value: Int) -> Int { own.values[value].byteCount ?? 0 }

    func name(_ value: Int) -> String { own.values[value].name }

    /// The bodies of a unit that were placed with the graph.
    func bodies(of unit: UnitWork?) -> [PlannedBody] {
        guard let unit else { return [] }
        return placed.graph.bodies(of: frame, unit: unit.unit).compactMap {
            PlannedBody(placed, frame: $0, devices: devices)
        }
    }
}
