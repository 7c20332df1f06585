package import WeftProvider

/// Measures a device through the provider contract: what the engine would do with a model's nodes, it does with probes.
package struct Calibrator {
    private let provider: any Provider
    private let device: any Device
    private var description: DeviceDescription { device.description }
    /// The most seconds for one probe, repetitions included.
    private let budget: Double

    package init(_ provider: any Provider, device: any Device, secondsPerProbe: Double = 0.012) {
        self.provider = provider
        self.device = device
        budget = secondsPerProbe
    }

    /// Rates with one thread and with all of the pool's, and memory's speed for what lies between.
    ///
    /// `pool` gives a pool of so many threads. Devices that use none of the engine's threads are measured once.
    /// Throws what the provider throws, and `.providerUnavailable` for one that runs no probe at all.
    package func measure(
        threads: Int, pool: (Int) -> WorkerPool, progress: (_ share: Double) -> Void = { _ in }
    ) throws(WeftError) -> DeviceMeasurement {
        guard description.isHost else {
            return DeviceMeasurement(rates: [try rates(pool(threads)) { progress($0) }])
        }
        var counts = [1]
        while let last = counts.last, last < threads { counts.append(min(last * 2, threads)) }
        var bandwidth: [DeviceMeasurement.Bandwidth] = []
        for count in counts {
            guard let rate = try memoryRate(pool(count)) else { continue }
            bandwidth.append(.init(threads: count, bytesPerSecond: rate))
        }
        var measured: [MeasuredRates] = []
        let ends = threads > 1 ? [1, threads] : [1]
        for (index, count) in ends.enumerated() {
            measured.append(
                try rates(pool(count)) { progress((Double(index) + $0) / Double(ends.count)) })
        }
        return DeviceMeasurement(rates: measured, memoryOverThreads: bandwidth)
    }

    private func variants(_ view: NodeView) -> [Variant] {
        guard case .variants(let found) = provider.support(view, on: description) else { return [] }
        return found
    }

    /// The first of the probes that the device runs.
    private func first(of probes: [Probe]) -> (Probe, Variant)? {
        for probe in probes { if let variant = variants(probe.view).first { return (probe, variant) } }
        return nil
    }

    /// The node with the layouts that a variant wants.
    private func laidOut(_ view: NodeView, _ variant: Variant) -> NodeView {
        var view = view
        for (index, operand) in view.inputs.enumerated() where operand?.constant == nil {
            view.inputs[index]?.layout = variant.inputLayout(index)
        }
        for index in view.outputs.indices { view.outputs[index]?.layout = variant.outputLayout(index) }
        return view
    }

    private func rates(_ pool: WorkerPool, progress: (Double) -> Void) throws(WeftError) -> MeasuredRates {
        let store = PackedStore()
        let (launch, segment) = try launches(pool, store)
        var samples = RateSamples()
        var slow: Set<String> = []
        for (index, probe) in ProbeTable.all.enumerated() {
            progress(Double(index) / Double(ProbeTable.all.count))
            guard !slow.contains(probe.family) else { continue }
            for variant in variants(probe.view) {
                guard let sample = try sample(probe, variant, pool, store) else { continue }
                if sample.median > budget * 4 { slow.insert(probe.family) }
                let seconds = sample.median - segment.seconds - Double(variant.work.launches) * launch.seconds
                // What is lost in the noise of starting says nothing of speed.
                guard seconds > 0.2 * sample.median else { continue }
                samples.add(variant.work, probe.type, seconds: seconds, spread: sample.spread)
            }
        }
        let throughput = samples.throughput
        guard !throughput.isEmpty else {
            throw WeftError(
                .providerUnavailable, "\(description.id) runs none of the probes, so that nothing can be measured")
        }
        return MeasuredRates(
            threads: pool.threads, throughput: throughput,
            memory: samples.memory ?? DeviceRates.nominal(description, threads: pool.threads).memory, launch: launch,
            segment: segment, upload: try link(pool, store, isUpload: true),
            download: try link(pool, store, isUpload: false))
    }

    /// Times of one variant; nil where it cannot be had, which is no reason to go without all other figures.
    private func sample(
        _ probe: Probe, _ variant: Variant, _ pool: WorkerPool, _ store: PackedStore
    ) throws(WeftError) -> Sample? {
        do {
            let bound = try BoundProbe(
                [laidOut(probe.view, variant)], [variant], on: device, pool: pool, store: store)
            return try bound.measure(budget: budget)
        } catch {
            guard error.code == .deviceLost else { return nil }
            throw error
        }
    }

    /// What a kernel's start takes, and a segment's: from one tiny node and from a chain of them.
    private func launches(
        _ pool: WorkerPool, _ store: PackedStore
    ) throws(WeftError) -> (launch: MeasuredRates.Measured, segment: MeasuredRates.Measured) {
        let nominal = DeviceRates.nominal(description, threads: pool.threads)
        let length = 32
        guard let (tiny, variant) = first(of: ProbeTable.tiny) else {
            return (.init(seconds: nominal.launch, spread: 1), .init(seconds: nominal.segment, spread: 1))
        }
        var chain: [NodeView] = []
        for index in 0..<length {
            var view = laidOut(tiny.view, variant)
            if let input = view.inputs[0], let output = view.outputs[0] {
                view.inputs[0] = Operand(value: index, type: input.type, layout: input.layout)
                view.outputs[0] = Operand(value: index + 1, type: output.type, layout: output.layout)
            }
            chain.append(view)
        }
        let one = try BoundProbe([chain[0]], [variant], on: device, pool: pool, store: store)
        let all = try BoundProbe(
            chain, [Variant](repeating: variant, count: length), on: device, pool: pool, store: store)
        guard let short = try one.measure(budget: budget, least: 9, most: 200),
            let long = try all.measure(budget: budget, least: 9, most: 200)
        else { return (.init(seconds: nominal.launch, spread: 1), .init(seconds: nominal.segment, spread: 1)) }
        let launch = max(0, long.median - short.median) / Double(length - 1)
        return (
            .init(seconds: launch, spread: max(long.spread, short.spread)),
            .init(seconds: max(0, short.median - launch), spread: short.spread)
        )
    }

    /// A transfer's latency and speed: a node that waits for its operand to come over against one that does not.
    private func link(
        _ pool: WorkerPool, _ store: PackedStore, isUpload: Bool
    ) throws(WeftError) -> MeasuredRates.Link? {
        guard !description.isHost else { return nil }
        guard !description.unifiedMemory else {
            return .init(latencySeconds: 0, bytesPerSecond: 1e13, spread: 0)
        }
        var points: [(bytes: Double, seconds: Double, spread: Double)] = []
        for count in [1 << 10, 1 << 18, 1 << 22] {
            guard let (probe, variant) = first(of: ProbeTable.passing(count)), let input = probe.view.input(0)?.value,
                let output = probe.view.output(0)?.value
            else { continue }
            let still = try BoundProbe([probe.view], [variant], on: device, pool: pool, store: store)
            let moving = try BoundProbe(
                [probe.view], [variant], on: device, pool: pool, store: store, imports: isUpload ? [input] : [],
                exports: isUpload ? [] : [output])
            guard let without = try still.measure(budget: 2 * budget, least: 5, most: 50),
                let with = try moving.measure(budget: 2 * budget, least: 5, most: 50)
            else { continue }
            points.append((Double(count * 4), max(0, with.median - without.median), max(with.spread, without.spread)))
        }
        guard let first = points.first, let last = points.last, last.bytes > first.bytes else { return nil }
        let speed = (last.bytes - first.bytes) / max(last.seconds - first.seconds, 1e-7)
        return .init(latencySeconds: first.seconds, bytesPerSecond: speed, spread: last.spread)
    }

    /// Bytes a second of a sum of two tensors that no cache holds.
    private func memoryRate(_ pool: WorkerPool) throws(WeftError) -> Double? {
        let size = 1 << 22
        guard let probe = Probe("memory", "Add", [.tensor(.float32, [size]), .tensor(.float32, [size])]),
            let variant = variants(probe.view).first
        else { return nil }
        let bound = try BoundProbe([probe.view], [variant], on: device, pool: pool, store: PackedStore())
        guard let sample = try bound.measure(budget: 4 * budget, least: 5) else { return nil }
        return variant.work.bytes / sample.median
    }
}
