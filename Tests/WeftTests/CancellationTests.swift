import Foundation
import Testing
import Weft
import WeftCPU
import WeftProviderKit
import WeftProviderTesting

/// A gate that kernels wait at and tests open.
private final class Gate: @unchecked Sendable {
    private let lock = Lock()
    private var arrived = false
    private var open = false

    var isOpen: Bool { lock.withLock { open } }
    func release() { lock.withLock { open = true } }
    func close() { lock.withLock { (open, arrived) = (false, false) } }
    func arrive() { lock.withLock { arrived = true } }
    var hasArrived: Bool { lock.withLock { arrived } }
}

/// Runs Relu, but not before its gate is open.
private struct GatedProvider: Provider {
    let name = "gated"
    let rows: [SupportRow]

    init(_ gate: Gate) {
        rows = [
            SupportRow(
                "Relu", types: TypeConstraint([.float32]),
                variants: { node, _ in [Variant("plain", work: .elements(of: node))] },
                kernel: HostKernel { node throws(WeftError) in
                    let count = node.view.outputShape(0).elementCount
                    return { invocation throws(WeftError) in
                        gate.arrive()
                        while !gate.isOpen {
                            try invocation.workers.checkCancellation()
                            usleep(1000)
                        }
                        let x = invocation.input(0, as: Float.self)
                        let y = invocation.output(0, as: Float.self)
                        for index in 0..<count { y[index] = max(x[index], 0) }
                    }
                })
        ]
    }

    func devices() -> (found: [DeviceDescription], unavailable: String?) {
        ([DeviceDescription(id: name, name: "host processor", provider: name, kind: .host)], nil)
    }

    func open(_ device: DeviceDescription) throws(WeftError) -> any Device { HostDevice(device, provider: self) }
}

/// Runs that are cancelled, or that take too long, end with an error; the session goes on.
@Suite struct CancellationTests {
    private let inputs = ["x": Tensor([Float](arrayLiteral: -1, 0, 1, 2, 3, -4), shape: [2, 3])]

    private func session(_ gate: Gate) async throws -> Session {
        var options = SessionOptions()
        options.placement = .preference
        return try await Session(
            model: ModelWriter.pair(), providers: [.provider(GatedProvider(gate))], options: options)
    }

    private func code(_ task: Task<Outputs, any Error>) async -> WeftError.Code? {
        do {
            _ = try await task.value
            return nil
        } catch {
            return (error as? WeftError)?.code
        }
    }

    @Test func aTaskThatIsCancelledAlreadyRunsNothing() async throws {
        let gate = Gate()
        let session = try await session(gate)
        let inputs = inputs
        let task = Task { () async throws -> Outputs in
            while !Task.isCancelled { await Task.yield() }
            return try await session.run(inputs)
        }
        task.cancel()
        #expect(await code(task) == .cancelled)
        #expect(!gate.hasArrived)
    }

    @Test func cancellingStopsARunUnderWay() async throws {
        let gate = Gate()
        let session = try await session(gate)
        let inputs = inputs
        let task = Task { () async throws -> Outputs in try await session.run(inputs) }
        while !gate.hasArrived { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        #expect(await code(task) == .cancelled)
        gate.release()
        #expect(try await session.run(inputs)["m"].array(as: Float.self) == [0, 0, 1, 2, 3, 0])
    }

    @Test func aDeadlineStopsARunUnderWay() async throws {
        let gate = Gate()
        let session = try await session(gate)
        let error = try #require(throws: WeftError.self) {
            _ = try session.runSynchronously(inputs, deadline: .now + .milliseconds(20))
        }
        #expect(error.code == .timeout)
        gate.release()
        let later = try session.runSynchronously(inputs, deadline: .now + .seconds(600))
        #expect(try later["m"].array(as: Float.self) == [0, 0, 1, 2, 3, 0])
    }

    /// The run ends while the device still works in its memory, which no later run may have before it is done.
    @Test func aDeadlineEndsTheWaitForADevice() async throws {
        let gate = Gate()
        let simulation = Simulation(fault: { _ in
            gate.arrive()
            while !gate.isOpen { usleep(1000) }
            return nil
        })
        var options = SessionOptions()
        options.pins = [PlacementPin("*", provider: "far")]
        options.concurrentRuns = 1
        let session = try await Session(
            model: ModelWriter.pair(),
            providers: [.provider(SeparateMemoryProvider("far", host: CPUProvider(), simulation: simulation))],
            options: options)
        for _ in 0..<2 {
            let error = try #require(throws: WeftError.self) {
                _ = try session.runSynchronously(inputs, deadline: .now + .milliseconds(300))
            }
            #expect(error.code == .timeout)
            #expect(gate.hasArrived)
            gate.release()
            let later = try session.runSynchronously(inputs, deadline: .now + .seconds(600))
            #expect(try later["m"].array(as: Float.self) == [0, 0, 1, 2, 3, 0])
            gate.close()
        }
    }

    @Test func aDeadlineThatHasPassedRunsNothing() async throws {
        let gate = Gate()
        let session = try await session(gate)
        let error = try #require(throws: WeftError.self) {
            _ = try session.runSynchronously(inputs, deadline: .now - .seconds(1))
        }
        #expect(error.code == .timeout)
        #expect(!gate.hasArrived)
    }
}
