import WeftExecution
import WeftProvider
import WeftRuntime

/// What happened in profiled runs, and when: on every device, on every thread of the host, and before the first run.
///
/// Times are seconds from the earliest of them. Spans of one lane nest; they never overlap by halves.
public struct Profile: Sendable {
    /// A line that spans lie on: a device, or a thread of the host.
    public struct Lane: Sendable, Hashable {
        public enum Kind: String, Sendable { case loading, host, device }
        public let kind: Kind
        /// A device's id, `run` for the thread that drives the run, `worker 1` and so on for the others.
        public let name: String
    }

    public enum Detail: Sendable, Hashable {
        case text(String)
        case integer(Int)
        case number(Double)
        case list([String])
    }

    public struct Span: Sendable {
        /// Index into `lanes`.
        public let lane: Int
        public let name: String
        /// `phase`, `run`, `step`, `unit`, `segment`, `node`, `dispatch`, `transfer`, `prepare` or `worker`.
        public let category: String
        public let start: Double
        public let duration: Double
        /// Of a node: `operator`, `variant`, `flops`, `bytes`, `predicted_us`, and `kernel` where the device names it.
        public let details: [String: Detail]
    }

    /// A value that crosses between memories: from its producer, through its copies, to its first reader.
    public struct Flow: Sendable {
        public struct Point: Sendable {
            /// Index into `lanes`; the moment lies in one of that lane's spans.
            public let lane: Int
            public let time: Double
        }
        public let value: String
        /// At least two, none before the one before it.
        public let points: [Point]
    }

    public let lanes: [Lane]
    /// In order of their start; those that hold others first.
    public let spans: [Span]
    public let flows: [Flow]

    init(_ profiler: Profiler, before phases: [PhaseLog], devices: [String]) {
        var events = profiler.events
        for phase in phases.flatMap(\.phases) {
            events.append(
                .init(lane: .loading, name: phase.name, category: "phase", start: phase.start, end: phase.end))
        }
        events.sort { ($0.start, $1.end) < ($1.start, $0.end) }
        let origin = events.first?.start ?? 0
        func seconds(_ moment: UInt64) -> Double { Double(moment - min(origin, moment)) * 1e-9 }
        let used = Set(events.map(\.lane))
        let order = used.sorted { Self.rank($0) < Self.rank($1) }
        let numbers = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        lanes = order.map { Self.lane($0, devices) }
        spans = events.map { event in
            Span(
                lane: numbers[event.lane] ?? 0, name: event.name, category: event.category,
                start: seconds(event.start), duration: Double(event.end - min(event.start, event.end)) * 1e-9,
                details: Dictionary(event.details.map { ($0.name, Detail($0.value)) }) { first, _ in first })
        }
        flows = profiler.flows.map { flow in
            Flow(
                value: flow.name,
                points: flow.points.map { .init(lane: numbers[$0.lane] ?? 0, time: seconds($0.time)) })
        }
    }

    private static func rank(_ lane: Profiler.Lane) -> (Int, Int) {
        switch lane {
        case .loading: (0, 0)
        case .driver: (1, 0)
        case .worker(let number): (1, number)
        case .device(let number): (2, number)
        }
    }

    private static func lane(_ lane: Profiler.Lane, _ devices: [String]) -> Lane {
        switch lane {
        case .loading: Lane(kind: .loading, name: "load and plan")
        case .driver: Lane(kind: .host, name: "run")
        case .worker(let number): Lane(kind: .host, name: "worker \(number)")
        case .device(let number): Lane(kind: .device, name: number < devices.count ? devices[number] : "\(number)")
        }
    }
}

extension Profile.Detail {
    init(_ detail: Profiler.Detail) {
        switch detail {
        case .text(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .number(let number): self = .number(number)
        case .list(let list): self = .list(list)
        }
    }
}
