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

    /// The memory that a compiled plan uses on each device, for reports.
    package func memory(_ needs: [DeviceNeed], _ weights: PackedStore.Lease) -> [PlacementReport.DeviceUse] {
        needs.map { need in
            let device = devices[need.device]
            return .init(
                device: device.description.id, limit: device.memoryLimit, values: need.values, staging: need.staging,
                scratch: need.scratch, weights: weights.byteCount(on: device.description.id))
        }
    }
}
