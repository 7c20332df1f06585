import WeftProvider

/// Threads that drive asynchronous runs, so that none of Swift's cooperative threads ever blocks.
final class Drivers: @unchecked Sendable {
    static let shared = Drivers(limit: 64)

    private let lock = Lock()
    private let limit: Int
    private var queue: [@Sendable () -> Void] = []
    private var idle = 0
    private var made = 0

    private init(limit: Int) { self.limit = limit }

    /// Runs `work` on a thread of its own; waits in a queue where all are busy.
    func submit(_ work: @escaping @Sendable () -> Void) {
        lock.lock()
        queue.append(work)
        let start = idle < queue.count && made < limit
        if start { made += 1 } else { lock.signal() }
        lock.unlock()
        guard start else { return }
        guard !HostThread.start({ self.serve() }) else { return }
        let last = lock.withLock {
            made -= 1
            return made == 0 ? queue.popLast() : nil
        }
        // Without a single thread the caller's own has to do.
        last?()
    }

    private func serve() {
        while true {
            lock.lock()
            idle += 1
            while queue.isEmpty { lock.wait() }
            idle -= 1
            let work = queue.removeFirst()
            lock.unlock()
            work()
        }
    }
}
