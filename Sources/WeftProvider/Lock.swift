#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A mutual-exclusion lock with a condition variable, over pthread.
///
/// The thread sanitizer understands it, whereas it reports false races for `Synchronization.Mutex`.
public final class Lock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// An unlocked lock.
    public init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Waits until no other thread holds the lock, and takes it. The lock is not recursive.
    public func lock() { pthread_mutex_lock(mutex) }
    /// Releases the lock, which the caller holds.
    public func unlock() { pthread_mutex_unlock(mutex) }

    /// Runs `body` with the lock held; returns or throws what `body` does.
    public func withLock<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        lock()
        defer { unlock() }
        return try body()
    }

    /// Waits for a signal. The caller holds the lock, which is released during the wait.
    ///
    /// It may return without a signal, so the caller checks its condition in a loop.
    public func wait() { pthread_cond_wait(condition, mutex) }

    /// Waits for a signal until `deadline` at most; returns false if the deadline has passed.
    ///
    /// As with `wait()`, the caller holds the lock, and checks its condition again whatever is returned.
    public func wait(until deadline: ContinuousClock.Instant) -> Bool {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { return false }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let (seconds, attoseconds) = Swift.min(left, .seconds(86400)).components
        let nanoseconds = Int64(time.tv_nsec) + attoseconds / 1_000_000_000 + 1
        time.tv_sec += Int(seconds + nanoseconds / 1_000_000_000)
        time.tv_nsec = Int(nanoseconds % 1_000_000_000)
        return pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT || ContinuousClock.now < deadline
    }

    /// Wakes one waiting thread.
    public func signal() { pthread_cond_signal(condition) }
    /// Wakes all waiting threads.
    public func broadcast() { pthread_cond_broadcast(condition) }
}
