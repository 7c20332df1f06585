package import WeftInterpreter
package import WeftPlanning
package import WeftProvider

/// Measures a device through the provider contract: what the engine would do with a model's nodes, it does with probes.
package struct Calibrator {
    let provider: any Provider
    let device: any Device
    /// With the features that the provider's own tuning found.
    let description: DeviceDescription
    /// Who measures the speed of memory for a device that has no kernel to show it.
    private let memory: EngineDevice?
    /// The most seconds for one probe, repetitions included, unless a single call takes longer.
    let budget: Double
    let timer: ProbeTimer

    /// `memory` is a device of the same memory; `now` gives seconds of a clock.
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

    /// Rates with one thread and with all of the pool's, and memory's speed for what lies between.
    ///
    /// Takes about `seconds`, the time of one probe more where one is long: what starting costs and links first, then
    /// probes in the order of what they tell. `pool` gives a pool of so many threads. Devices that use none of the
    /// engine's threads are measured once. Throws what the provider throws, and `.providerUnavailable` for one that
    /// runs no probe at all.
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

    func variants(_ view: NodeView) -> [Variant] {
        guard case .variants(let found) = provider.support(view, on: description) else { return [] }
        // Constants of probes are plain.
        return found.filter { variant in
            view.inputs.indices.allSatisfy { view.inputs[$0]?.constant == nil || variant.inputLayout($0) == .plain }
        }
    }

    /// The first of the probes that the device runs.
    func first(of probes: [Probe]) -> (Probe, Variant)? {
        for probe in probes { if let variant = variants(probe.view).first { return (probe, variant) } }
        return nil
    }

    /// The node with the layouts that a variant wants.
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
        /// By family and class of rate, seconds for each operation or byte of the latest probe.
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
            // What is lost in the noise of starting says nothing of speed.
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

    /// Times of one variant; nil where it cannot be had, which is no reason to go without all other figures.
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

    /// Seconds that a probe's call may take by what the family's others took.
    private var long: Double { 16 * budget }

    // MARK: Memory

    private var standIn: Calibrator? {
        guard let memory, memory.description.memorySpace == description.memorySpace else { return nil }
        return Calibrator(
            memory.provider, device: memory.device, description: memory.description, secondsPerProbe: budget,
            now: timer.now)
    }

    /// Bytes a second over bytes, from sums alone.
    private func memoryCurve(_ pool: WorkerPool) throws(WeftError) -> RateCurve? {
        let store = PackedStore()
        var samples = RateSamples()
        for item in ProbePlan(ProbeTable.sums, variants: variants).items where item.order[0] == 0 {
            guard let sample = try sample(item, pool, store) else { continue }
            samples.add(item.variant.work, item.probe.type, seconds: sample.median, of: sample)
        }
        return samples.memory
    }

    /// Bytes a second of a sum of two tensors that no cache holds.
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
