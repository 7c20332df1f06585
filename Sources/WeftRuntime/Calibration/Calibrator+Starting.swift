import WeftInterpreter
import WeftPlanning
import WeftProvider

extension Calibrator {
    /// Measures the time to start a kernel, and to start a segment.
    ///
    /// Compares one tiny node with a chain of 32 of them, in turns. Both results are nil if the device runs none of
    /// the tiny nodes.
    func launches(
        _ pool: WorkerPool, _ store: PackedStore
    ) throws(WeftError) -> (launch: MeasuredRates.Measured?, segment: MeasuredRates.Measured?) {
        let length = 32
        guard let (tiny, variant) = first(of: ProbeTable.tiny) else { return (nil, nil) }
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
        let more = try timer.difference(
            budget: 2 * budget, least: 9, most: 200, of: { () throws(WeftError) in try all.run() },
            over: { () throws(WeftError) in try one.run() })
        guard
            let short = try timer.sample(
                budget: budget, least: 9, most: 200, { () throws(WeftError) in try one.run() })
        else { return (nil, nil) }
        let launch = max(0, more.seconds) / Double(length - 1)
        return (
            .init(seconds: launch, spread: Self.share(more.noise, of: more.seconds), samples: more.count),
            .init(seconds: max(0, short.median - launch), spread: short.spread, samples: short.count)
        )
    }

    /// Measures what a transfer between host and device costs: runs with one are timed in turns with runs without.
    ///
    /// The host also writes what is uploaded and reads what is downloaded: in the buffer that it shares with the
    /// device, or in memory of its own in the runs without a transfer. Memory that is slow for the host is thus
    /// part of the cost, even if nothing is copied. Nil for the host, and if fewer than two sizes could be
    /// measured.
    func link(
        _ pool: WorkerPool, _ store: PackedStore, isUpload: Bool
    ) throws(WeftError) -> MeasuredRates.Link? {
        guard !description.isHost else { return nil }
        var points: [(bytes: Double, seconds: Double, noise: Double, count: Int)] = []
        for count in [1 << 10, 1 << 18, 1 << 22] {
            guard let (probe, variant) = first(of: ProbeTable.passing(count)), let input = probe.view.input(0)?.value,
                let output = probe.view.output(0)?.value
            else { continue }
            let still = try BoundProbe([probe.view], [variant], on: device, pool: pool, store: store)
            let moving = try BoundProbe(
                [probe.view], [variant], on: device, pool: pool, store: store, imports: isUpload ? [input] : [],
                exports: isUpload ? [] : [output])
            let bytes = count * 4
            let plain = try BufferView.allocate(byteCount: bytes, zeroed: true)
            let own = try BufferView.allocate(byteCount: bytes, zeroed: true)
            guard let shared = moving.memory(of: isUpload ? input : output) else { continue }
            func run(_ bound: BoundProbe, _ memory: BufferView) throws(WeftError) {
                guard let theirs = memory.host, let ours = plain.host else { return try bound.run() }
                if isUpload { theirs.copyMemory(from: ours, byteCount: bytes) }
                try bound.run()
                if !isUpload { ours.copyMemory(from: theirs, byteCount: bytes) }
            }
            let found = try timer.difference(
                budget: 3 * budget, of: { () throws(WeftError) in try run(moving, shared) },
                over: { () throws(WeftError) in try run(still, own) })
            points.append((Double(bytes), max(0, found.seconds), found.noise, found.count))
        }
        guard let first = points.first, let last = points.last, last.bytes > first.bytes else { return nil }
        let more = last.seconds - first.seconds
        let shows = more > max(first.noise, last.noise)
        return .init(
            latencySeconds: first.seconds, bytesPerSecond: shows ? (last.bytes - first.bytes) / more : nil,
            spread: shows ? Self.share(last.noise, of: last.seconds) : Self.share(first.noise, of: first.seconds),
            samples: points.reduce(0) { $0 + $1.count })
    }

    /// The noise as a share of the time; nil if the time is not positive.
    private static func share(_ noise: Double, of seconds: Double) -> Double? { seconds > 0 ? noise / seconds : nil }
}
