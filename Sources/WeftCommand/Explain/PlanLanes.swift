import Weft

/// A plan's course laid out for drawing: a lane a device, bars for its work, arrows for what is carried.
struct PlanLanes {
    struct Bar {
        let lane: Int
        let device: String
        let start: Double
        let end: Double
        /// Numbers of the plan's nodes.
        let nodes: [Int]
        let title: String
    }

    struct Arrow {
        let from: Int
        let to: Int
        let start: Double
        let end: Double
        let label: String
        let title: String
    }

    /// Names, the host's devices first.
    let lanes: [String]
    let bars: [Bar]
    let arrows: [Arrow]
    let seconds: Double

    init(_ plan: PlanExplanation) {
        let segments = plan.timeline.segments
        var lanes: [String] = []
        for segment in segments where !lanes.contains(segment.device) { lanes.append(segment.device) }
        let host = DeviceDescription.hostSpace
        var foreign: Set<String> = []
        for transfer in plan.timeline.transfers {
            if transfer.to != host, let reader = transfer.reader { foreign.insert(segments[reader].device) }
            if transfer.from != host, let maker = transfer.maker { foreign.insert(segments[maker].device) }
        }
        var own = lanes.filter { !foreign.contains($0) }
        if own.isEmpty, !plan.timeline.transfers.isEmpty { own.append(host) }
        lanes = own + lanes.filter { foreign.contains($0) }
        self.lanes = lanes
        func lane(_ name: String) -> Int { lanes.firstIndex(of: name) ?? 0 }
        bars = segments.enumerated().map { index, segment in
            let work = segment.nodes.reduce(0) { $0 + plan.nodes[$1].nodeCount }
            let time = Self.time(segment.end - segment.start)
            return Bar(
                lane: lane(segment.device), device: segment.device, start: segment.start, end: segment.end,
                nodes: segment.nodes,
                title: "\(index + 1). \(segment.device): \(Figures.count(work, "node")), \(time) from "
                    + Self.time(segment.start))
        }
        arrows = plan.timeline.transfers.map { transfer in
            // The model's caller is on the first lane of the host.
            func place(_ segment: Int?, _ memory: String) -> Int {
                if let segment, segments.indices.contains(segment) { return lane(segments[segment].device) }
                return lane(memory)
            }
            let label = "\(Figures.bytes(transfer.bytes)), \(Self.microseconds(transfer.seconds))"
            return Arrow(
                from: place(transfer.maker, transfer.from), to: place(transfer.reader, transfer.to),
                start: transfer.start, end: transfer.start + transfer.seconds, label: label,
                title: "\(transfer.value): \(transfer.from) to \(transfer.to), \(label)")
        }
        let last = arrows.map(\.end).max() ?? 0
        seconds = max(plan.timeline.seconds, last, 1e-9)
    }

    /// Moments for the axis, in seconds.
    var ticks: [Double] {
        let step = Scale.niceStep(seconds / 8)
        return Array(stride(from: 0, through: seconds, by: step))
    }

    static func time(_ seconds: Double) -> String {
        seconds < 1e-3 ? microseconds(seconds) : Figures.milliseconds(seconds)
    }

    static func microseconds(_ seconds: Double) -> String { "\(Figures.number(seconds * 1e6)) µs" }
}
