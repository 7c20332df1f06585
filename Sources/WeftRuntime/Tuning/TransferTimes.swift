import WeftExecution
import WeftPlanning
import WeftProvider

/// The times of transfers between the host and devices in timed runs, by device, direction and size.
///
/// The time of a transfer is that of the host's copy and of the device's copy. Waiting belongs to the segment that is
/// waited for. A device with memory of its own that does not report its copies gets no prices for transfers.
struct TransferTimes {
    /// The times in seconds of each transfer of a kind, one entry a run.
    private var series: [TunedPrices.TransferKey: [[Double]]] = [:]

    /// Adds the times of a plan's transfers.
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
            let key = TunedPrices.TransferKey(device: device.id, isUpload: isUpload, bytes: transfer.bytes)
            series[key, default: []].append(times)
        }
    }

    /// Adds a price for each kind: the mean over its transfers of the median over runs.
    func prices(into tuned: inout TunedPrices) {
        for (key, tensors) in series { tuned.transfers[key] = Price(meanOf: tensors) }
    }
}

extension Price {
    /// The price of things of one kind: the means of their medians and of their spreads; nil if there is no time.
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
