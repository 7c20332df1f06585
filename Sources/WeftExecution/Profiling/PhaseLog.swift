import WeftProvider

/// What was done before a run, and when: reading, folding, planning, compiling.
package struct PhaseLog: Sendable {
    package struct Phase: Sendable {
        package let name: String
        /// Nanoseconds on `HostClock`.
        package let start: UInt64
        package let end: UInt64
    }

    package private(set) var phases: [Phase] = []

    package init() {}

    /// Adds a phase that began at `start` and ends now.
    package mutating func note(_ name: String, since start: UInt64) {
        phases.append(Phase(name: name, start: start, end: HostClock.nanoseconds))
    }

    package mutating func measure<R, E: Error>(_ name: String, _ body: () throws(E) -> R) throws(E) -> R {
        let start = HostClock.nanoseconds
        let result = try body()
        note(name, since: start)
        return result
    }

    package mutating func append(_ other: PhaseLog) { phases += other.phases }
}
