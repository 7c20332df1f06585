import WeftInterpreter
import WeftPlanning
import WeftProvider

extension PlanBuilder {
    /// Throws `.deviceMemoryExceeded` if values and weights need more than a device's limit.
    ///
    /// Called before anything is compiled or uploaded. Weights count by their packed size as far as it is known.
    func checkLimits(_ needs: [DeviceNeed]) throws(WeftError) {
        for need in needs {
            guard let limit = devices[need.device].memoryLimit else { continue }
            let weights = room.bytes(of: own.nodes, on: need.device)
            if let error = need.exceeds(
                limit, on: devices[need.device].description, weights: weights, others: room.taken[need.device] ?? 0)
            {
                throw error
            }
        }
    }

    /// The memory that a compiled plan uses on each device, with that of the bodies it calls, for reports.
    ///
    /// A context holds a context of each body. Bodies are compiled when they are first called, so the sizes of weights
    /// that only they read are estimates unless they were packed before. A body without a layout is left out: it fails
    /// only if it is called.
    func memory(_ own: [DeviceNeed], _ weights: PackedStore.Lease) -> [PlacementReport.DeviceUse] {
        var needs = Dictionary(uniqueKeysWithValues: own.map { ($0.device, $0) })
        let inner = placed.graph.frames(inside: frame)
        for number in inner {
            let body = placed.graph.frames[number].needs(of: placed.works[number], devices: devices) ?? []
            for need in body { needs[need.device, default: DeviceNeed(device: need.device)].add(need) }
        }
        let read = self.own.nodes
        let all = read + inner.flatMap { placed.works[$0].nodes }
        return needs.sorted { $0.key < $1.key }.map { index, need in
            let device = devices[index]
            let inBodies = room.bytes(of: all, on: index) - room.bytes(of: read, on: index)
            return .init(
                device: device.description.id, limit: device.memoryLimit, values: need.values, staging: need.staging,
                scratch: need.scratch, weights: weights.byteCount(on: device.description.id) + inBodies)
        }
    }
}
