import WeftPlanning
import WeftProvider

/// Times of one call of a plan in a profiled run; they become events and arrows when the call is over.
final class RunTrace {
    private struct Submission {
        var sink: SpanBox
        var start: UInt64
        var end: UInt64
    }

    private struct Slice {
        let lane: Profiler.Lane
        let start: UInt64
        let end: UInt64
    }

    private let profiler: Profiler
    private let plan: Plan
    private let devices: [EngineDevice]
    private let start = HostClock.nanoseconds
    private var steps: [Int: Slice] = [:]
    private var submissions: [Int: Submission] = [:]
    private var nodes: [PlannedTransfer.Point: Slice] = [:]
    private var copies: [Copy: Slice] = [:]

    private struct Copy: Hashable {
        let value: Int
        let segment: Int
    }

    init(_ profiler: Profiler, _ plan: Plan, devices: [EngineDevice]) {
        self.profiler = profiler
        self.plan = plan
        self.devices = devices
    }

    /// Notes that a context was made for this call: memory was allocated and commands were recorded.
    func prepared(since start: UInt64) {
        profiler.add(
            .init(
                lane: .driver, name: "prepare memory and commands", category: "prepare", start: start,
                end: HostClock.nanoseconds))
    }

    /// The sink for spans of a segment that is about to be submitted.
    func submitting(_ segment: Int) -> any SegmentSpanSink {
        let sink = SpanBox()
        let now = HostClock.nanoseconds
        submissions[segment] = Submission(sink: sink, start: now, end: now)
        return sink
    }

    /// Notes that waiting for the segment's point is over.
    func reached(_ segment: Int) { submissions[segment]?.end = HostClock.nanoseconds }

    func stepped(_ index: Int, since start: UInt64) {
        steps[index] = Slice(lane: .driver, start: start, end: HostClock.nanoseconds)
    }

    /// Gives all events to the profiler. Times by a device's own clock are shifted to lie between submission and wait.
    func finish() {
        for (index, submission) in submissions.sorted(by: { $0.value.start < $1.value.start }) {
            add(index, submission)
        }
        addSteps()
        for transfer in plan.transfers { add(transfer) }
        let named = nodes.compactMap { point, slice -> (start: UInt64, end: UInt64, name: String)? in
            guard case .node(let segment, let index) = point else { return nil }
            return (slice.start, slice.end, plan.segments[segment].nodes[index].label)
        }.sorted { $0.start < $1.start }
        profiler.addActivity { time in
            var low = 0
            var high = named.count
            while low < high {
                let middle = (low + high) / 2
                if named[middle].start <= time { low = middle + 1 } else { high = middle }
            }
            guard low > 0, named[low - 1].end >= time else { return nil }
            return named[low - 1].name
        }
    }

    // MARK: Segments

    private func add(_ index: Int, _ submission: Submission) {
        let segment = plan.segments[index]
        let lane = Profiler.Lane.device(segment.device)
        let spans = fitted(submission, segment.device)
        // A part of the time between submission and wait may belong to an earlier segment of the device.
        let first = spans.first?.start ?? max(submission.start, profiler.freeFrom(segment.device))
        let last = max(spans.last?.end ?? submission.end, first)
        profiler.occupy(segment.device, until: last)
        profiler.add(
            .init(
                lane: lane, name: "segment \(index)", category: "segment", start: first, end: last,
                details: [
                    ("device", .text(devices[segment.device].description.id)),
                    ("nodes", .list(segment.nodes.map(\.label))),
                    ("predicted_us", .number(segment.nodes.reduce(0) { $0 + $1.seconds } * 1e6)),
                ]))
        var next = 0
        while next < spans.count {
            var end = next + 1
            if case .node = spans[next].subject {
                while end < spans.count, spans[end].subject == spans[next].subject { end += 1 }
            }
            add(spans[next..<end], index, segment, lane)
            next = end
        }
        for node in segment.nodes.indices where nodes[.node(segment: index, index: node)] == nil {
            nodes[.node(segment: index, index: node)] = Slice(lane: lane, start: first, end: last)
        }
    }

    /// Adds spans of one subject; several of them are the dispatches of a node.
    private func add(
        _ spans: ArraySlice<SegmentSpan>, _ index: Int, _ segment: Plan.PlannedSegment, _ lane: Profiler.Lane
    ) {
        guard let first = spans.first, let last = spans.last else { return }
        let slice = Slice(lane: lane, start: first.start, end: last.end)
        switch first.subject {
        case .node(let number):
            guard segment.nodes.indices.contains(number) else { return }
            let node = segment.nodes[number]
            var details: [(String, Profiler.Detail)] = [
                ("operator", .text(node.opType)), ("variant", .text(node.variant)),
                ("flops", .number(node.work.flops)), ("bytes", .number(node.work.bytes)),
                ("predicted_us", .number(node.seconds * 1e6)),
            ]
            let kernels = spans.compactMap(\.detail)
            if !kernels.isEmpty { details.append(("kernel", .text(kernels.joined(separator: ", ")))) }
            profiler.add(
                .init(
                    lane: lane, name: node.label, category: "node", start: first.start, end: last.end,
                    details: details))
            if spans.count > 1 {
                for span in spans {
                    profiler.add(
                        .init(
                            lane: lane, name: span.detail ?? node.label, category: "dispatch", start: span.start,
                            end: span.end))
                }
            }
            nodes[.node(segment: index, index: number)] = slice
        case .upload(let value), .download(let value):
            let transfer = plan.transfers.first { $0.value == value && $0.segment == index }
            let name = transfer?.name ?? "\(value)"
            let verb = if case .upload = first.subject { "upload" } else { "download" }
            profiler.add(
                .init(
                    lane: lane, name: "\(verb) \(name)", category: "transfer", start: first.start, end: last.end,
                    details: [("value", .text(name)), ("bytes", .integer(transfer?.bytes ?? 0))]))
            copies[Copy(value: value, segment: index)] = slice
        }
    }

    /// A submission's spans on the host's clock, in order and without overlap.
    private func fitted(_ submission: Submission, _ device: Int) -> [SegmentSpan] {
        var (spans, clock) = submission.sink.content
        guard let first = spans.first, let last = spans.last else { return [] }
        if case .device = clock {
            let length = last.end >= first.start ? last.end - first.start : 0
            let room = submission.end - submission.start
            let scale = length > room && length > 0 ? Double(room) / Double(length) : 1
            let taken = UInt64(Double(length) * scale)
            let base = max(
                submission.start,
                min(max(submission.start, profiler.freeFrom(device)), submission.end - min(taken, room)))
            for index in spans.indices {
                spans[index].start =
                    base + UInt64(Double(spans[index].start - min(first.start, spans[index].start)) * scale)
                spans[index].end = base + UInt64(Double(spans[index].end - min(first.start, spans[index].end)) * scale)
            }
            profiler.occupy(device, until: base + taken)
        }
        var time = submission.start
        for index in spans.indices {
            spans[index].start = max(spans[index].start, time)
            spans[index].end = max(spans[index].end, spans[index].start)
            time = spans[index].end
        }
        return spans
    }

    // MARK: Steps and transfers

    private func addSteps() {
        for (index, slice) in steps.sorted(by: { $0.key < $1.key }) {
            guard index < plan.steps.count, let (name, category) = title(of: index) else { continue }
            profiler.add(.init(lane: .driver, name: name, category: category, start: slice.start, end: slice.end))
        }
    }

    private func title(of index: Int) -> (name: String, category: String)? {
        func device(_ segment: Int) -> String { devices[plan.segments[segment].device].description.id }
        func value() -> String { plan.transfers.first { $0.copy == index }?.name ?? "value" }
        switch plan.steps[index] {
        case .segment(let segment): return ("segment \(segment) on \(device(segment))", "step")
        case .submit(let segment): return ("submit segment \(segment) to \(device(segment))", "step")
        case .wait(let segment): return ("wait for segment \(segment) on \(device(segment))", "wait")
        case .copyIn: return ("copy in \(value())", "transfer")
        case .copyOut: return ("copy out \(value())", "transfer")
        case .copyAcross: return ("copy across \(value())", "transfer")
        case .unit(let unit): return (unit.label, "unit")
        case .release: return nil
        }
    }

    private func add(_ transfer: PlannedTransfer) {
        var slices: [Slice] = []
        let step = transfer.copy.flatMap { steps[$0] }
        let device = copies[Copy(value: transfer.value, segment: transfer.segment)]
        if transfer.to == 0 {
            slices = [device, step].compactMap { $0 }
        } else {
            slices = [step, device].compactMap { $0 }
        }
        if slices.isEmpty, let submission = submissions[transfer.segment] {
            // Both sides see the memory, so nothing is copied, but the arrow needs a point to go through.
            let moment = transfer.to == 0 ? submission.end : submission.start
            profiler.add(
                .init(
                    lane: .driver, name: "\(transfer.name) stays in place", category: "transfer", start: moment,
                    end: moment, details: [("value", .text(transfer.name)), ("bytes", .integer(transfer.bytes))]))
            slices = [Slice(lane: .driver, start: moment, end: moment)]
        }
        let source = transfer.producer.map(slice) ?? Slice(lane: .driver, start: start, end: start)
        let target = transfer.consumer.flatMap(slice)
        var points: [(lane: Profiler.Lane, time: UInt64)] = []
        var time: UInt64 = 0
        for slice in [source].compactMap({ $0 }) + slices + [target].compactMap({ $0 }) {
            time = max(slice.start, min(time, slice.end))
            points.append((slice.lane, time))
        }
        if points.count > 1 { profiler.add(.init(name: transfer.name, points: points)) }
    }

    private func slice(_ point: PlannedTransfer.Point) -> Slice? {
        if case .step(let index) = point { return steps[index] }
        return nodes[point]
    }
}
