import Synchronization
package import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The engine's threads: `threads - 1` workers, and the thread that drives a run.
///
/// The workers serve one parallel loop at a time. If another run starts a loop meanwhile, that loop runs on its own
/// thread alone, so that no run ever waits for another's kernel. At its end a loop waits only for workers that have
/// joined it, not for one that the system has not scheduled yet. Workers spin briefly after a loop, then sleep.
package final class WorkerPool: @unchecked Sendable {
    package let threads: Int
    private let gate = Lock()
    private let owned = Atomic<Bool>(false)
    /// The current loop: its number in the high bits, whether workers may still join, and how many have joined.
    private let loop = Atomic<Int>(0)
    /// The next chunk of each thread's share; the counters lie a cache line apart.
    private let next: UnsafeMutablePointer<Atomic<Int>>
    /// Workers that have joined the loop and are done with it.
    private let done = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    // Written by the thread that starts a loop, before workers may join, and read by the workers that join.
    private var chunks = 0
    private var body: ((Int, Int) -> Void)?
    private var stop: RunCancellation?
    private var sleeping = 0

    private static let line = 16
    private static let open = 1 << 15
    private static let numberShift = 16
    /// Polls after which a waiting thread yields its core at each further poll, and polls after which a worker sleeps.
    private static let eagerPolls = 2000
    private static let spins = 6000

    @inline(__always)
    private static func rest(_ polls: inout Int) {
        polls &+= 1
        if polls > eagerPolls { _ = sched_yield() }
    }

    package init(threads: Int) {
        self.threads = max(1, threads)
        next = .allocate(capacity: self.threads * Self.line)
        for place in 0..<self.threads * Self.line { (next + place).initialize(to: Atomic(0)) }
        for worker in 1..<max(1, self.threads) { start(worker) }
    }

    deinit {
        next.deinitialize(count: threads * Self.line)
        next.deallocate()
    }

    /// Ends the workers; loops that come later run on their callers' threads.
    package func shutDown() {
        stopped.store(true, ordering: .sequentiallyConsistent)
        gate.withLock { gate.broadcast() }
    }

    /// Runs `body` for 0 ..< chunks; returns when all are done.
    func forEach(
        _ chunks: Int, stop: RunCancellation?, _ body: (Int, Int) -> Void
    ) throws(WeftError) {
        if threads == 1 || chunks <= 1 || owned.exchange(true, ordering: .acquiring) {
            for chunk in 0..<chunks {
                if chunk & 15 == 0 { try stop?.check() }
                body(chunk, 0)
            }
            return
        }
        withoutActuallyEscaping(body) { body in
            self.chunks = chunks
            self.body = body
            self.stop = stop
            for share in 0..<threads { next[share * Self.line].store(begin(share), ordering: .relaxed) }
            done.store(0, ordering: .relaxed)
            let number = (loop.load(ordering: .relaxed) >> Self.numberShift &+ 1) << Self.numberShift
            loop.store(number | Self.open, ordering: .sequentiallyConsistent)
            gate.withLock { if sleeping > 0 { gate.broadcast() } }
            work(0, body)
            // From here on no worker can join.
            let joined = loop.exchange(number, ordering: .acquiringAndReleasing) & (Self.open - 1)
            var polls = 0
            while done.load(ordering: .acquiring) < joined { Self.rest(&polls) }
            self.body = nil
            self.stop = nil
        }
        owned.store(false, ordering: .releasing)
        try stop?.check()
    }

    /// The first chunk of a thread's share.
    private func begin(_ share: Int) -> Int { share * chunks / threads }

    /// Does a thread's own share, then what is left of the others' shares. As shares are ranges of chunks, neighbouring
    /// chunks stay in one core's cache from loop to loop.
    private func work(_ worker: Int, _ body: (Int, Int) -> Void) {
        for turn in 0..<threads {
            let share = (worker + turn) % threads
            let end = begin(share + 1)
            while true {
                let chunk = next[share * Self.line].add(1, ordering: .relaxed).oldValue
                guard chunk < end else { break }
                if let stop, stop.isStopped { return }
                body(chunk, worker)
            }
        }
    }

    private func start(_ worker: Int) {
        let box = Unmanaged.passRetained(WorkerStart(pool: self, worker: worker))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
                start.pool.serve(start.worker)
                return nil
            }, box.toOpaque())
        if result == 0 { pthread_detach(thread) } else { box.release() }
    }

    /// Whether a loop is open that a worker has not seen yet.
    private func calls(_ state: Int, seen: Int) -> Bool {
        state & Self.open != 0 && state >> Self.numberShift != seen
    }

    private func serve(_ worker: Int) {
        var seen = 0
        var polls = 0
        while !stopped.load(ordering: .relaxed) {
            let state = loop.load(ordering: .acquiring)
            if calls(state, seen: seen) {
                guard
                    loop.compareExchange(expected: state, desired: state + 1, ordering: .acquiringAndReleasing)
                        .exchanged
                else { continue }
                seen = state >> Self.numberShift
                if let body { work(worker, body) }
                done.add(1, ordering: .acquiringAndReleasing)
                polls = 0
            } else if polls < Self.spins {
                Self.rest(&polls)
            } else {
                gate.withLock {
                    sleeping += 1
                    while !calls(loop.load(ordering: .sequentiallyConsistent), seen: seen),
                        !stopped.load(ordering: .relaxed)
                    { gate.wait() }
                    sleeping -= 1
                }
                polls = 0
            }
        }
    }
}

private final class WorkerStart: Sendable {
    let pool: WorkerPool
    let worker: Int
    init(pool: WorkerPool, worker: Int) {
        self.pool = pool
        self.worker = worker
    }
}

/// Stops a run from outside, at its next node or at the next chunk of a long kernel.
package final class RunCancellation: Sendable {
    private let cancelled = Atomic<Bool>(false)
    let deadline: ContinuousClock.Instant?

    package init(deadline: ContinuousClock.Instant? = nil) { self.deadline = deadline }

    package func cancel() { cancelled.store(true, ordering: .relaxed) }

    package var isStopped: Bool {
        if cancelled.load(ordering: .relaxed) { return true }
        guard let deadline else { return false }
        return ContinuousClock.now >= deadline
    }

    package func check() throws(WeftError) {
        guard isStopped else { return }
        throw cancelled.load(ordering: .relaxed)
            ? WeftError(.cancelled, "the run was cancelled") : WeftError(.timeout, "the run's deadline has passed")
    }
}

/// The pool's threads for one run.
package final class RunWorkers: Workers {
    package let count: Int
    private let pool: WorkerPool
    private let cancellation: RunCancellation?
    /// Collects when each thread works, in a profiled run.
    private let activity: WorkerActivity?

    package convenience init(_ pool: WorkerPool, cancellation: RunCancellation? = nil) {
        self.init(pool, cancellation: cancellation, activity: nil)
    }

    package init(_ pool: WorkerPool, cancellation: RunCancellation?, activity: WorkerActivity?) {
        self.pool = pool
        self.cancellation = cancellation
        self.activity = activity
        count = pool.threads
    }

    package func forEach(_ chunks: Int, _ body: (Int, Int) -> Void) throws(WeftError) {
        guard let activity else { return try pool.forEach(chunks, stop: cancellation, body) }
        defer { activity.close() }
        try pool.forEach(chunks, stop: cancellation) { chunk, worker in
            let start = HostClock.nanoseconds
            body(chunk, worker)
            activity.note(worker, from: start)
        }
    }

    package func checkCancellation() throws(WeftError) { try cancellation?.check() }

    /// The moment by which the run has to end; nil if it has no deadline.
    package var deadline: ContinuousClock.Instant? { cancellation?.deadline }
}
