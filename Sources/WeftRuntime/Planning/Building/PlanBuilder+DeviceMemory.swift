import WeftProvider

extension PlanBuilder {
    /// What one context takes on each device with memory of its own, but for scratch.
    func needs(_ layout: MemoryPlan.Layout) -> [DeviceNeed] {
        var needs: [Int: DeviceNeed] = [:]
        for arena in layout.arenas {
            guard let device = arena.device else { continue }
            switch arena.kind {
            case .deviceLocal: needs[device, default: DeviceNeed(device: device)].values += arena.bytes
            case .hostVisible: needs[device, default: DeviceNeed(device: device)].staging += arena.bytes
            }
        }
        return needs.values.sorted { $0.device < $1.device }
    }

    /// Throws `.deviceMemoryExceeded` where values and weights alone are more than a device may take.
    ///
    /// Before anything is compiled, and so uploaded: weights count as they are in the model.
    func checkLimits(_ needs: [DeviceNeed]) throws(WeftError) {
        for need in needs {
            guard let limit = devices[need.device].memoryLimit else { continue }
            let weights = constantBytes(on: need.device)
            if let error = need.exceeds(limit, on: devices[need.device].description, weights: weights) { throw error }
        }
    }

    /// Bytes of the constants that a device's nodes read, each once.
    private func constantBytes(on device: Int) -> Int {
        var seen: Set<UInt64> = []
        var bytes = 0
        for case .node(let node) in placed.items where node.device == device {
            for case let operand? in node.view.inputs {
                guard let constant = operand.constant, seen.insert(constant.id).inserted,
                    let size = constant.elementType.byteCount(constant.elementCount)
                else { continue }
                bytes += size
            }
        }
        return bytes
    }
}
