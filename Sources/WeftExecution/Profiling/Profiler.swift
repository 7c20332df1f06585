package import WeftInterpreter
import WeftProvider

/// Collects events of profiled runs, which run one after the other.
package final class Profiler: @unchecked Sendable {
    package enum Lane: Hashable, Sendable {
        case loading
        /// The thread that drives the run, and the pool's others.
        case driver
        case worker(Int)
        /// Index into the engine's devices.
        case device(Int)
    }

    package enum Detail: Sendable, Hashable {
        case text(String)
        case integer(Int)
        case number(Double)
        case list([String])
    }

    package struct Event: Sendable {
        package var lane: Lane
        package var name: String
        package var category: String
        /// Nanoseconds on `HostClock`.
        package var start: UInt64
        package var end: UInt64
        package var details: [(name: String, value: Detail)]

        package init(
            lane: Lane, name: String, category: String, start: UInt64, end: UInt64,
            details: [(name: String, value: Detail)] = []
        ) {
            self.lane = lane
            self.name = name
            self.category = category
            self.start = start
            self.end = end
            self.details = details
        }
    }

    /// An arrow through several events: the lane and a moment of each.
    package struct Flow: Sendable {
        package var name: String
        package var points: [(lane: Lane, time: UInt64)]
    }

    // Written by the thread that drives the runs.
    package private(set) var events: [Event] = []
    package private(set) var flows: [Flow] = []
    package let activity: WorkerActivity
    private var freeFrom: [Int: UInt64] = [:]

    package init(threads: Int) { activity = WorkerActivity(threads: threads) }

    package func add(_ event: Event) { events.append(event) }
    package func add(_ flow: Flow) { flows.append(flow) }

    /// When the latest span of a device that has a clock of its own ended.
    func freeFrom(_ device: Int) -> UInt64 { freeFrom[device] ?? 0 }
    func occupy(_ device: Int, until end: UInt64) { freeFrom[device] = max(freeFrom(device), end) }

    /// Adds the activity of the pool's threads; `name` gives the node that was running at a time.
    func addActivity(_ name: (UInt64) -> String?) {
        for span in activity.take() {
            events.append(
                Event(
                    lane: .worker(span.worker), name: name(span.start) ?? "work", category: "worker",
                    start: span.start, end: span.end))
        }
    }
}
