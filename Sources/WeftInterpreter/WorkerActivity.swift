import WeftProvider

/// The times at which each of the pool's threads worked on the loops of a profiled run.
package final class WorkerActivity: @unchecked Sendable {
    package struct Span {
        package let worker: Int
        package let start: UInt64
        package let end: UInt64
    }

    private let count: Int
    /// First and last moment of each worker in the current loop; each worker writes only its own.
    private let moments: UnsafeMutablePointer<UInt64>
    private var spans: [Span] = []

    package init(threads: Int) {
        count = max(1, threads)
        moments = .allocate(capacity: 2 * count)
        moments.initialize(repeating: 0, count: 2 * count)
    }

    deinit { moments.deallocate() }

    @inline(__always)
    func note(_ worker: Int, from start: UInt64) {
        if moments[2 * worker] == 0 { moments[2 * worker] = start }
        moments[2 * worker + 1] = HostClock.nanoseconds
    }

    /// Ends a loop: all workers are done with it.
    func close() {
        for worker in 1..<count where moments[2 * worker] != 0 {
            spans.append(Span(worker: worker, start: moments[2 * worker], end: moments[2 * worker + 1]))
        }
        moments.update(repeating: 0, count: 2 * count)
    }

    package func take() -> [Span] {
        defer { spans = [] }
        return spans
    }
}
