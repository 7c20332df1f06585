#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Seconds since it was made.
package struct Stopwatch {
    package enum Clock: Sendable {
        case wall
        /// What the process has computed: for work on one thread, whatever else the machine does.
        case processor
    }

    private let clock: Clock
    private let start: Double

    package init(_ clock: Clock = .wall) {
        self.clock = clock
        start = Self.now(clock)
    }

    package var seconds: Double { Self.now(clock) - start }

    private static func now(_ clock: Clock) -> Double {
        var time = timespec()
        clock_gettime(clock == .wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
