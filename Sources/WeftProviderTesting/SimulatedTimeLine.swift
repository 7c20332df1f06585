public import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How a pretended device keeps time, and what goes wrong with it.
public struct Simulation: Sendable {
    /// Seconds that a node takes; its work is done within them.
    public var seconds: @Sendable (NodeView) -> Double
    /// What nodes take besides, by the work of their variants, and what starting segments and moving values takes.
    public var speed: SimulatedSpeed?
    /// What becomes of a submission, counted from one: an error that its wait throws. `.deviceLost` is for good.
    public var fault: @Sendable (_ submission: Int) -> WeftError?
    /// Told of each submission that is over.
    public var finished: @Sendable (_ submission: Int) -> Void
    /// Whether the device's memory is the host's as well: nothing is copied.
    public var isUnified: Bool

    /// A device that takes no time, and of which nothing goes wrong, but for what is given.
    public init(
        seconds: @escaping @Sendable (NodeView) -> Double = { _ in 0 }, speed: SimulatedSpeed? = nil,
        fault: @escaping @Sendable (_ submission: Int) -> WeftError? = { _ in nil },
        finished: @escaping @Sendable (_ submission: Int) -> Void = { _ in }, isUnified: Bool = false
    ) {
        self.seconds = seconds
        self.speed = speed
        self.fault = fault
        self.finished = finished
        self.isUnified = isUnified
    }
}

extension Simulation {
    /// What a segment takes; values that cross are nothing where memory is unified.
    func course(_ segment: Segment) -> SimulatedCourse {
        let nodes = zip(segment.graph.nodes, segment.variants).map { node, variant in
            seconds(node) + (speed?.seconds(variant.work) ?? 0)
        }
        var bytes: [Int: Int] = [:]
        for node in segment.graph.nodes {
            for case let operand? in node.inputs + node.outputs { bytes[operand.value] = operand.type.byteCount }
        }
        func sizes(_ values: [Int]) -> [Int] { isUnified ? [] : values.map { bytes[$0] ?? 0 } }
        return SimulatedCourse(
            nodes, imports: sizes(segment.imports), exports: sizes(segment.exports), speed: speed)
    }
}

/// Sleeping that is accurate to some microseconds.
public enum SimulatedTime {
    /// Returns after so many seconds.
    public static func sleep(seconds: Double) {
        SimulatedTimeLine.sleep(until: HostClock.nanoseconds + SimulatedTimeLine.nanoseconds(seconds))
    }
}

/// A thread that does one submission after the other, each in its simulated time.
final class SimulatedTimeLine: @unchecked Sendable {
    private struct Submission {
        let point: UInt64
        let work: @Sendable () throws(WeftError) -> Void
    }

    private let lock = Lock()
    private let simulation: Simulation
    private var queue: [Submission] = []
    private var submitted: UInt64 = 0
    private var completed: UInt64 = 0
    private var errors: [UInt64: WeftError] = [:]
    private var loss: WeftError?
    private var stopped = false

    init(_ simulation: Simulation) throws(WeftError) {
        self.simulation = simulation
        guard HostThread.start({ self.serve() }) else {
            throw WeftError(.providerUnavailable, "no thread for the pretended device")
        }
    }

    func stop() {
        lock.withLock {
            stopped = true
            lock.broadcast()
        }
    }

    func submit(_ work: @escaping @Sendable () throws(WeftError) -> Void) throws(WeftError) -> TimelinePoint {
        try lock.withLock { () throws(WeftError) in
            if let loss { throw loss }
            submitted += 1
            queue.append(Submission(point: submitted, work: work))
            lock.broadcast()
            return TimelinePoint(submitted)
        }
    }

    func wait(_ point: TimelinePoint, deadline: ContinuousClock.Instant?) throws(WeftError) {
        try lock.withLock { () throws(WeftError) in
            while completed < point.value, loss == nil {
                guard let deadline else {
                    lock.wait()
                    continue
                }
                guard lock.wait(until: deadline) else {
                    throw WeftError(.timeout, "the pretended device was not done by the deadline")
                }
            }
            if let error = errors.removeValue(forKey: point.value) ?? loss { throw error }
        }
    }

    private func serve() {
        while true {
            lock.lock()
            while queue.isEmpty, !stopped { lock.wait() }
            guard !queue.isEmpty else { return lock.unlock() }
            let next = queue.removeFirst()
            lock.unlock()
            var error = simulation.fault(Int(next.point))
            do throws(WeftError) { try next.work() } catch let thrown { error = error ?? thrown }
            simulation.finished(Int(next.point))
            lock.withLock {
                completed = next.point
                if let error {
                    if error.code == .deviceLost {
                        loss = error
                        completed = submitted
                        queue = []
                    } else {
                        errors[next.point] = error
                    }
                }
                lock.broadcast()
            }
        }
    }

    /// Of a time that is neither negative nor longer than a day; what is no number is none.
    static func nanoseconds(_ seconds: Double) -> UInt64 {
        seconds > 0 ? UInt64(min(seconds, 86400) * 1e9) : 0
    }

    /// Returns at a moment of the host's clock: sleeps, then spins through what a sleep may be late by.
    static func sleep(until moment: UInt64) {
        while true {
            let now = HostClock.nanoseconds
            guard now < moment else { return }
            let left = moment - now
            if left > 200_000 {
                var time = timespec(tv_sec: 0, tv_nsec: 0)
                time.tv_sec = Int((left - 150_000) / 1_000_000_000)
                time.tv_nsec = Int((left - 150_000) % 1_000_000_000)
                nanosleep(&time, nil)
            } else {
                sched_yield()
            }
        }
    }
}
