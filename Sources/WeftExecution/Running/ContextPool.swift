import WeftProvider

/// The contexts of a plan that no run uses at the moment. At most `limit` exist in all; further runs wait for one.
final class ContextPool: @unchecked Sendable {
    private let lock = Lock()
    private let limit: Int
    private var idle: [ExecutionContext] = []
    private var made = 0

    init(limit: Int) { self.limit = max(1, limit) }

    /// An idle context, or a new one from `make`. If a device has no memory for a new one, waits for an existing one.
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

    /// Takes a context back from a run. After a deadline has passed, devices may still work in its memory: then a
    /// thread waits until they are done before the context becomes idle.
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

    /// Forgets a context that must not be used again because a device was lost.
    private func discard() {
        lock.withLock {
            made -= 1
            lock.signal()
        }
    }
}
