import WeftProvider

/// Bytes that a draft takes on devices with memory of their own, and by how many they exceed what is left there.
struct DraftNeed {
    /// What a context takes: everything but weights, ascending by device.
    let needs: [DeviceNeed]
    /// Bytes of weights, and bytes that others have taken, by device.
    let weights: [Int: Int]
    let taken: [Int: Int]
    /// Bytes that a device lacks, by device; empty if the draft fits.
    let excess: [Int: Int]

    var fits: Bool { excess.isEmpty }

    /// The draft's own bytes on a device, weights included; `Int.max` if the sum overflows.
    func bytes(on device: Int) -> Int {
        let own = needs.first { $0.device == device }?.bytes ?? 0
        return own.addingReportingOverflow(weights[device] ?? 0).overflow ? Int.max : own + (weights[device] ?? 0)
    }

    /// The error for the first device that lacks memory; nil if the draft fits.
    func error(_ devices: [EngineDevice]) -> WeftError? {
        for device in excess.keys.sorted() {
            guard let limit = devices[device].memoryLimit else { continue }
            let need = needs.first { $0.device == device } ?? DeviceNeed(device: device)
            if let error = need.exceeds(
                limit, on: devices[device].description, weights: weights[device] ?? 0, others: taken[device] ?? 0)
            {
                return error
            }
        }
        return nil
    }
}

/// Measures the memory that drafts take on devices, by the memory layout that their plans would have.
struct DraftMeasure {
    let graph: PlacementGraph
    let devices: [EngineDevice]
    /// What is taken on devices with limits, and the sizes of constants there.
    let room: DeviceRoom

    /// The need of a draft by the memory layout that its plan would have; nil if `ValueHomes.layOut` throws for it.
    ///
    /// Needs of all frames add up: a context of the plan holds a context of each body for its whole life.
    func need(of draft: Draft) -> DraftNeed? {
        guard let needs = layoutNeeds(of: draft) else { return nil }
        let nodes = draft.nodes
        var weights: [Int: Int] = [:]
        var excess: [Int: Int] = [:]
        for (device, engine) in devices.enumerated() where !engine.description.isHost {
            let own = needs[device]
            weights[device] = room.bytes(of: nodes, on: device)
            guard let limit = engine.memoryLimit, own != nil || weights[device] ?? 0 > 0 else { continue }
            let left = limit - (room.taken[device] ?? 0)
            let (sum, overflow) = (own.map { $0.bytes ?? Int.max } ?? 0).addingReportingOverflow(weights[device] ?? 0)
            let most = overflow ? Int.max : sum
            if most > left { excess[device] = most - max(0, left) }
        }
        return DraftNeed(
            needs: needs.sorted { $0.key < $1.key }.map(\.value), weights: weights, taken: room.taken, excess: excess)
    }

    /// The needs of all frames together, without weights, by device; nil if the layout of a frame throws.
    private func layoutNeeds(of draft: Draft) -> [Int: DeviceNeed]? {
        var needs: [Int: DeviceNeed] = [:]
        for (frame, work) in zip(graph.frames, draft.works) {
            guard let own = frame.needs(of: work, devices: devices) else { return nil }
            for need in own { needs[need.device, default: DeviceNeed(device: need.device)].add(need) }
        }
        return needs
    }

    /// Whether a draft fits even if no two values share memory; if false, it may still fit.
    ///
    /// A quick check before `need`, which most drafts pass.
    func surelyFits(_ draft: Draft) -> Bool {
        for (device, engine) in devices.enumerated() {
            guard let limit = engine.memoryLimit else { continue }
            let most = min(limit - (room.taken[device] ?? 0), engine.description.maxAllocation)
            var seen: Set<Int> = []
            var sum = room.bytes(of: draft.nodes, on: device)
            for node in draft.nodes where node.device == device {
                sum = sum.addingReportingOverflow(node.variant.scratch).overflow ? Int.max : sum + node.variant.scratch
                for case let operand? in node.view.inputs + node.view.outputs where seen.insert(operand.value).inserted
                {
                    // Once in the device's own memory, once in its staging.
                    let bytes = draft.values[operand.value].byteCount ?? 0
                    let (twice, a) = bytes.multipliedReportingOverflow(by: 2)
                    let (padded, b) = twice.addingReportingOverflow(2 * max(engine.description.alignment, 64))
                    let (next, c) = sum.addingReportingOverflow(padded)
                    if a || b || c { return false }
                    sum = next
                }
            }
            if !seen.isEmpty && sum > most { return false }
        }
        return true
    }
}

extension PlacementGraph.Frame {
    /// What its placed work takes on devices, by the layout that its plan would have; nil if it has no layout.
    package func needs(of work: PlacedWork, devices: [EngineDevice]) -> [DeviceNeed]? {
        let homes = ValueHomes(work, inputs: inputs, outputs: outputs, devices: devices)
        return (try? homes.layOut()).map { homes.needs($0) }
    }
}
