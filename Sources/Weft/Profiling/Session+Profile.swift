import WeftExecution
import WeftInterpreter
import WeftPlanning
public import WeftProvider
import WeftRuntime

extension Session {
    /// Runs the model as often as asked and says what took how long; the outputs are the last run's.
    ///
    /// A profiled run takes a little longer than another: a clock is read round every node and every chunk of a kernel.
    /// The profile begins with what loading and the latest planning took. Throws as `run` does.
    public func profile(
        values inputs: [String: Value], runs: Int = 1, deadline: ContinuousClock.Instant? = nil
    ) async throws(WeftError) -> (outputs: Outputs, profile: Profile) {
        let cancellation = RunCancellation(deadline: deadline)
        return try await onDriver(cancellation) { () throws(WeftError) in
            try self.profile(inputs, runs, cancellation)
        }
    }

    /// The same on the calling thread, and the pool's.
    public func profileSynchronously(
        values inputs: [String: Value], runs: Int = 1, deadline: ContinuousClock.Instant? = nil
    ) throws(WeftError) -> (outputs: Outputs, profile: Profile) {
        try profile(inputs, runs, RunCancellation(deadline: deadline))
    }

    private func profile(
        _ inputs: [String: Value], _ runs: Int, _ cancellation: RunCancellation
    ) throws(WeftError) -> (outputs: Outputs, profile: Profile) {
        guard runs >= 1 else { throw WeftError(.invalidOption, "a profile takes at least one run, not \(runs)") }
        let request = RunRequest(inputs: inputs, outputs: nil, buffers: [:], cancellation: cancellation)
        let profiler = Profiler(threads: engine.pool.threads)
        var latest: Outputs?
        for number in 1...runs {
            let start = HostClock.nanoseconds
            latest = try run(request, profiler: profiler)
            profiler.add(
                .init(
                    lane: .driver, name: "run \(number)", category: "run", start: start, end: HostClock.nanoseconds))
        }
        guard let latest else { throw WeftError(.internalInconsistency, "no run was made") }
        let profile = Profile(
            profiler, before: [loading, engine.latestPhases].compactMap { $0 },
            devices: engine.devices.map(\.description.id))
        return (latest, profile)
    }
}
