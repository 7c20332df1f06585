import WeftProvider

/// Contexts of a plan that no run uses at the moment; at most `limit` exist, further runs wait.
final class ContextPool: @unchecked Sendable {
    private let lock = Lock()
    private let limit: Int
    private var idle: [ExecutionContext] = []
    private var made = 0

    init(limit: Int) { self.limit = max(1, limit) }

    /// An idle context, or one that `make` makes. Where a device has no room for another, waits for one of these.
    func lease(_ make: () throws(WeftError) -> ExecutionContext) throws(WeftError) -> ExecutionContext {
        var full = false
        while true {
            lock.lock()
            while idle.isEmpty, made >= limit || (full && made > 0) { lock.wait() }
            if let context = idle.popLast() {
                lock.unlock()
                return context
            }
            made += 1
            lock.unlock()
            do {
                return try make()
            } catch {
                let others = lock.withLock {
                    made -= 1
                    lock.signal()
                    return made > 0
                }
                guard error.code == .deviceMemoryExceeded, others else { throw error }
                full = true
            }
        }
    }

    /// Frees the contexts that no run uses; returns whether there were any.
    func dropIdle() -> Bool {
        let dropped = lock.withLock {
            let dropped = idle
            idle = []
            made -= dropped.count
            lock.broadcast()
            return dropped
        }
        return !dropped.isEmpty
    }

    /// Takes a context back from a run. One in whose memory devices still work is idle once they are done, which a
    /// thread of its own waits for: the run's deadline has passed.
    func take(back context: ExecutionContext, isLost: Bool) {
        func settled(_ isLost: Bool) { if isLost { discard() } else { giveBack(context) } }
        guard !isLost, context.isBusy else { return settled(isLost) }
        let isWaitedFor = HostThread.start { self.take(back: context, isLost: context.settle()) }
        if !isWaitedFor { settled(context.settle()) }
    }

    private func giveBack(_ context: ExecutionContext) {
        lock.withLock {
            idle.append(context)
            lock.signal()
        }
    }

    /// A context that is not to be used again, its device being lost.
    private func discard() {
        lock.withLock {
            made -= 1
            lock.signal()
        }
    }
}
