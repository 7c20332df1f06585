import WeftExecution
import WeftPlanning
import WeftProvider

/// What tensors took that crossed between the host and devices in timed runs, by device, way and size.
///
/// A crossing is what the host copies and what the device copies. What waiting takes is the segment's, whose work is
/// waited for. A device of its own memory that does not report its copies leaves its crossings unknown.
struct TransferTimes {
    /// For each crossing of that kind, its times.
    private var series: [TunedPrices.TransferKey: [[Double]]] = [:]

    mutating func add(_ runs: TimedPlan, devices: [EngineDevice]) {
        for transfer in runs.plan.transfers {
            let device = devices[transfer.device].description
            guard !device.isHost else { continue }
            let isUpload = transfer.to != 0
            let times = runs.steps.indices.compactMap { run -> Double? in
                let host = transfer.copy.map { runs.steps[run][$0] } ?? 0
                if device.unifiedMemory { return host }
                let copy = StepTimes.Copy(segment: transfer.segment, value: transfer.value, isUpload: isUpload)
                return runs.copies[run][copy].map { $0 + host }
            }
            guard !times.isEmpty else { continue }
            let crossing = TunedPrices.TransferKey(device: device.id, isUpload: isUpload, bytes: transfer.bytes)
            series[crossing, default: []].append(times)
        }
    }

    /// The price of each: the mean over tensors of their middle times.
    func prices(into tuned: inout TunedPrices) {
        for (crossing, tensors) in series { tuned.transfers[crossing] = Price(meanOf: tensors) }
    }
}

extension Price {
    /// Of things that are the same to a price: the mean of their middle times, and of how far these lie apart.
    init?(meanOf series: [[Double]]) {
        let middles = series.compactMap { Sample($0) }
        guard !middles.isEmpty else { return nil }
        let spreads = middles.compactMap(\.spread)
        self.init(
            middles.reduce(0) { $0 + $1.median } / Double(middles.count),
            spread: spreads.isEmpty ? nil : spreads.reduce(0, +) / Double(spreads.count),
            samples: middles.reduce(0) { $0 + $1.count }, source: .tuned)
    }
}
