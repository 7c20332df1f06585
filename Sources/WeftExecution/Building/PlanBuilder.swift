import WeftGraph
import WeftInterpreter
import WeftPlanning
import WeftProvider

/// Makes a plan of placed work: compiles its segments, and writes down the steps with the copies between memories.
struct PlanBuilder {
    /// What the plan is for, for people.
    let title: String
    let placed: Placed
    let inputs: [Int]
    let outputs: [Int]
    let devices: [EngineDevice]
    let workerCount: Int
    var phases = PhaseLog()
    /// What devices with limits have left for it.
    var room = DeviceRoom()
    let homes: ValueHomes
    /// Bodies that were placed with the graph, by their unit's index.
    let bodies: [Int: [PlannedBody]]

    init(
        _ placed: Placed, title: String, inputs: [Int], outputs: [Int], devices: [EngineDevice], workerCount: Int
    ) {
        self.title = title
        self.placed = placed
        self.inputs = inputs
        self.outputs = outputs
        self.devices = devices
        self.workerCount = workerCount
        homes = ValueHomes(placed.work, inputs: inputs, outputs: outputs, devices: devices)
        bodies = Dictionary(grouping: placed.bodies, by: \.unit).mapValues { list in
            list.map { PlannedBody($0, devices: devices) }
        }
    }

    func build(constants store: PackedStore.Lease) throws(WeftError) -> Plan {
        let layout = try homes.layOut()
        let needs = homes.needs(layout)
        try checkLimits(needs)
        return try assemble(layout, needs, store)
    }

    func isUnified(_ space: Int) -> Bool { homes.isUnified(space) }

    func space(_ device: Int?) -> Int { homes.space(device) }

    func bytes(_ value: Int) -> Int { placed.work.values[value].byteCount ?? 0 }

    func name(_ value: Int) -> String { placed.work.values[value].name }
}
