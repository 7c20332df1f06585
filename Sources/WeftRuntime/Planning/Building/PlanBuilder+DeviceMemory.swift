import WeftProvider

extension PlanBuilder {
    /// What one context takes on each device with memory of its own, before anything is compiled.
    mutating func needs() throws(WeftError) -> [DeviceNeed] {
        findSlotsAndViews()
        collectUses()
        findWaits()
        var memory = MemoryPlan(devices: devices)
        _ = assignHomes(&memory)
        return needs(try memory.layOut())
    }

    /// The same of what is laid out.
    func needs(_ layout: MemoryPlan.Layout) -> [DeviceNeed] {
        var needs: [Int: DeviceNeed] = [:]
        for arena in layout.arenas {
            guard let device = arena.device else { continue }
            switch arena.kind {
            case .deviceLocal: needs[device, default: DeviceNeed(device: device)].values += max(arena.bytes, 64)
            case .hostVisible: needs[device, default: DeviceNeed(device: device)].staging += max(arena.bytes, 64)
            }
        }
        // Each segment of a device has scratch memory of its own.
        for block in blocks {
            guard let device = block.device, space(device) != 0 else { continue }
            let most = block.items.reduce(0) { most, item in
                if case .node(let node) = placed.items[item] { return max(most, node.variant.scratch) }
                return most
            }
            if most > 0 { needs[device, default: DeviceNeed(device: device)].scratch += most }
        }
        return needs.values.sorted { $0.device < $1.device }
    }

    /// Throws `.deviceMemoryExceeded` where values and weights are more than a device may take.
    ///
    /// Before anything is compiled, and so uploaded: weights count as far as packing has shown.
    func checkLimits(_ needs: [DeviceNeed]) throws(WeftError) {
        for need in needs {
            guard let limit = devices[need.device].memoryLimit else { continue }
            let weights = room.bytes(of: placed.items.lazy.compactMap(\.node), on: need.device)
            if let error = need.exceeds(
                limit, on: devices[need.device].description, weights: weights, others: room.taken[need.device] ?? 0)
            {
                throw error
            }
        }
    }

    /// What a compiled plan takes, for people.
    func memory(_ needs: [DeviceNeed], _ weights: PackedStore.Lease) -> [PlacementReport.DeviceUse] {
        needs.map { need in
            let device = devices[need.device]
            return .init(
                device: device.description.id, limit: device.memoryLimit, values: need.values, staging: need.staging,
                scratch: need.scratch, weights: weights.byteCount(on: device.description.id))
        }
    }
}
