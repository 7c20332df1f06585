package import WeftInterpreter
package import WeftPlanning
package import WeftProvider

/// Measures a device's rates through the provider contract, by running probes as the engine runs a model's nodes.
package struct Calibrator {
    let provider: any Provider
    let device: any Device
    /// The device's description, with the features that its provider's tuning found.
    let description: DeviceDescription
    /// A device that measures the speed of memory if this one has no kernel that shows it.
    private let memory: EngineDevice?
    /// The most seconds for one probe with its repetitions, unless a single call takes longer.
    let budget: Double
    let timer: ProbeTimer

    /// `memory` is a device in the same memory space; `now` returns seconds of a clock.
    package init(
        _ provider: any Provider, device: any Device, description: DeviceDescription? = nil,
        memory: EngineDevice? = nil, secondsPerProbe: Double = 0.012, now: (() -> Double)? = nil
    ) {
        self.provider = provider
        self.device = device
        self.description = description ?? device.description
        self.memory = memory
        budget = secondsPerProbe
        timer = ProbeTimer(now: now ?? { Double(HostClock.nanoseconds) * 1e-9 })
    }

    /// Measures rates with one thread and with all threads, and the speed of memory for numbers of threads in between.
    ///
    /// Takes about `seconds`, or one probe longer if that probe is slow. Starting costs and transfers come first,
    /// then probes in the order of `ProbePlan`. `pool` returns a pool with a number of threads. Devices that do not
    /// compute in host memory are measured once. Throws what the provider throws, and `.providerUnavailable` if the
    /// device runs no probe.
    package func measure(
        threads: Int, seconds: Double = .infinity, pool: (Int) -> WorkerPool,
        progress: (_ share: Double) -> Void = { _ in }
    ) throws(WeftError) -> DeviceMeasurement {
        let deadline = Deadline(seconds: seconds, timer.now)
        guard description.isHost else {
            return DeviceMeasurement(rates: [try rates(pool(threads), by: deadline) { progress($0) }])
        }
        var counts = [1]
        while let last = counts.last, last < threads { counts.append(min(last * 2, threads)) }
        var bandwidth: [DeviceMeasurement.Bandwidth] = []
        for count in counts {
            guard let rate = try memoryRate(pool(count)) else { continue }
            bandwidth.append(
                .init(
                    threads: count, bytesPerSecond: rate.bytesPerSecond, spread: rate.sample.spread,
                    samples: rate.sample.count))
        }
        var measured: [MeasuredRates] = []
        let ends = threads > 1 ? [1, threads] : [1]
        for (index, count) in ends.enumerated() {
            let share = deadline.share(1 / Double(ends.count - index))
            measured.append(
                try rates(pool(count), by: share) { progress((Double(index) + $0) / Double(ends.count)) })
        }
        return DeviceMeasurement(rates: measured, memoryOverThreads: bandwidth)
    }

    /// The variants that the device offers for a probe; empty if it declines.
    func variants(_ view: NodeView) -> [Variant] {
        guard case .variants(let found) = provider.support(view, on: description) else { return [] }
        // Constants of probes are plain.
        return found.filter { variant in
            view.inputs.indices.allSatisfy { view.inputs[$0]?.constant == nil || variant.inputLayout($0) == .plain }
        }
    }

    /// The first of the probes that the device runs, with its first variant; nil if it runs none.
    func first(of probes: [Probe]) -> (Probe, Variant)? {
        for probe in probes { if let variant = variants(probe.view).first { return (probe, variant) } }
        return nil
    }

    /// The node with its operands in the layouts of a variant.
    func laidOut(_ view: NodeView, _ variant: Variant) -> NodeView {
        var view = view
        for (index, operand) in view.inputs.enumerated() where operand?.constant == nil {
            view.inputs[index]?.layout = variant.inputLayout(index)
        }
        for index in view.outputs.indices { view.outputs[index]?.layout = variant.outputLayout(index) }
        return view
    }

    private func rates(
        _ pool: WorkerPool, by deadline: Deadline, progress: (Double) -> Void
    ) throws(WeftError) -> MeasuredRates {
        let store = PackedStore()
        let whole = max(deadline.left, 1e-9)
        let (launch, segment) = try launches(pool, store)
        let upload = try link(pool, store, isUpload: true)
        let download = try link(pool, store, isUpload: false)
        let plan = ProbePlan(ProbeTable.all, variants: variants)
        var samples = RateSamples()
        /// Seconds for each operation or byte in the latest probe, by family and kind of work.
        var paces: [String: Double] = [:]
        var measured = 0
        for (index, item) in plan.items.enumerated() {
            if deadline.isOver, !samples.isEmpty { break }
            progress(max(Double(index) / Double(plan.items.count), whole.isFinite ? 1 - deadline.left / whole : 0))
            measured += 1
            let work = item.variant.work
            let pace = paces[item.probe.family + item.variant.work.rate.rawValue]
            if let pace, pace * (work.flops + work.bytes) > long { continue }
            guard let sample = try sample(item, pool, store) else { continue }
            paces[item.probe.family + item.variant.work.rate.rawValue] = sample.median / max(work.flops + work.bytes, 1)
            let started = (segment?.seconds ?? 0) + Double(work.launches) * (launch?.seconds ?? 0)
            let seconds = sample.median - started
            // If starting takes four fifths of the time or more, the rest says nothing about speed.
            guard seconds > 0.2 * sample.median else { continue }
            samples.add(work, item.probe.type, seconds: seconds, of: sample)
        }
        let throughput = samples.throughput
        guard !throughput.isEmpty else {
            throw WeftError(
                .providerUnavailable, "\(description.id) runs none of the probes, so that nothing can be measured")
        }
        var result = MeasuredRates(
            threads: pool.threads, throughput: throughput, memory: samples.memory, launch: launch, segment: segment,
            upload: upload, download: download, probes: .init(measured: measured, offered: plan.items.count))
        if result.memory == nil, let standIn, let curve = try standIn.memoryCurve(pool) {
            result.memory = curve
            result.memoryBy = standIn.description.id
        }
        return result
    }

    /// The times of one variant; nil if it fails, so that the other rates can still be measured.
    ///
    /// Throws only if the device is lost.
    private func sample(
        _ item: ProbePlan.Item, _ pool: WorkerPool, _ store: PackedStore
    ) throws(WeftError) -> Sample? {
        do {
            let bound = try BoundProbe(
                [laidOut(item.probe.view, item.variant)], [item.variant], on: device, pool: pool, store: store)
            return try timer.sample(budget: budget) { () throws(WeftError) in try bound.run() }
        } catch {
            guard error.code == .deviceLost else { return nil }
            throw error
        }
    }

    /// A probe is left out if the rates of its family predict more seconds than this for one call.
    private var long: Double { 16 * budget }

    // MARK: Memory

    /// A calibrator of `memory`, if that is in the same memory space.
    private var standIn: Calibrator? {
        guard let memory, memory.description.memorySpace == description.memorySpace else { return nil }
        return Calibrator(
            memory.provider, device: memory.device, description: memory.description, secondsPerProbe: budget,
            now: timer.now)
    }

    /// The speed of memory in bytes a second by bytes, measured with sums only.
    private func memoryCurve(_ pool: WorkerPool) throws(WeftError) -> RateCurve? {
        let store = PackedStore()
        var samples = RateSamples()
        for item in ProbePlan(ProbeTable.sums, variants: variants).items where item.order[0] == 0 {
            guard let sample = try sample(item, pool, store) else { continue }
            samples.add(item.variant.work, item.probe.type, seconds: sample.median, of: sample)
        }
        return samples.memory
    }

    /// The speed of memory in bytes a second, from a sum of two tensors that are larger than the caches.
    private func memoryRate(
        _ pool: WorkerPool
    ) throws(WeftError) -> (bytesPerSecond: Double, sample: Sample)? {
        guard let (probe, variant) = first(of: ProbeTable.memory) else { return try standIn?.memoryRate(pool) }
        let bound = try BoundProbe(
            [laidOut(probe.view, variant)], [variant], on: device, pool: pool, store: PackedStore())
        let sample = try timer.sample(budget: 4 * budget, least: 5) { () throws(WeftError) in try bound.run() }
        return sample.map { (variant.work.bytes / $0.median, $0) }
    }
}
