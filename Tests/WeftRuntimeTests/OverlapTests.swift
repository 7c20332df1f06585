import Synchronization
import Testing
import WeftCPU
import WeftExecution
import WeftGraph
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

@testable import WeftInterpreter
@testable import WeftPlanning
@testable import WeftRuntime

/// Devices and the host work at once, and nobody sees what is not yet there.
struct OverlapTests {
    private static let pool = WorkerPool(threads: 1)

    private func engine(_ graph: Graph, _ providers: [any Provider], _ rules: PlacementRules) throws -> Engine {
        var devices: [EngineDevice] = []
        for provider in providers + [CPUProvider()] {
            let description = try #require(provider.devices().found.first)
            devices.append(
                EngineDevice(
                    provider: provider, description: description, device: try provider.open(description),
                    rates: DeviceRates.nominal(description, threads: 1)))
        }
        return try Engine(
            graph, devices: devices, reference: CPUProvider(), pool: Self.pool, options: EngineOptions(rules: rules))
    }

    /// x -> Neg "far" -> Add <- Sigmoid "near" <- x: two branches and their sum.
    private func branches() throws -> (graph: Graph, inputs: [Value]) {
        var builder = GraphBuilder(name: "branches")
        let shape = [2, 3]
        let x = builder.value("x", type: .tensor(.float32, .fixed(shape)), dimensions: shape.map { .fixed($0) })
        builder.inputs = [x]
        let (a, b, y) = (builder.value("a"), builder.value("b"), builder.value("y"))
        try builder.append(NodeDraft("Sigmoid", name: "near", inputs: [x], outputs: [b]), opset: 21)
        try builder.append(NodeDraft("Neg", name: "far", inputs: [x], outputs: [a]), opset: 21)
        try builder.append(NodeDraft("Add", name: "sum", inputs: [a, b], outputs: [y]), opset: 21)
        builder.outputs = [y]
        return (builder.build(), [.tensor(Tensor([Float](arrayLiteral: -2, -1, 0, 1, 2, 3), shape: shape))])
    }

    private static let pins = PlacementRules(mode: .cost, pins: [("far", 0), ("near", 1), ("sum", 2)])

    @Test func theHostWorksWhileADeviceDoes() throws {
        // The device is done only when the host's node has begun: a run that waits for it at once never gets there.
        let meeting = Meeting()
        let far = SeparateMemoryProvider(
            "far", host: CPUProvider(),
            simulation: Simulation(fault: { _ in
                meeting.waits(seconds: 20) ? nil : WeftError(.timeout, "the host did not go on")
            }))
        let (graph, inputs) = try branches()
        let engine = try engine(graph, [far, SignallingProvider(meeting)], Self.pins)
        for _ in 0..<3 {
            let y = try #require(try engine.run(inputs)[0].tensor).array(as: Float.self)
            for (x, y) in zip([-2, -1, 0, 1, 2, 3] as [Float], y) { #expect(abs(y - (sigmoid(x) - x)) < 1e-5) }
        }
    }

    @Test func aDeviceOnTheHostsCoresIsWaitedForAtOnce() throws {
        let (graph, inputs) = try branches()
        let far = SeparateMemoryProvider("far", host: CPUProvider())
        let engine = try engine(graph, [far, SignallingProvider(Meeting())], Self.pins)
        let steps = try engine.plan(for: inputs).steps
        for (index, step) in steps.enumerated() {
            if case .submit(let segment) = step, case .wait(let other) = steps[index + 1] {
                #expect(segment == other)
            } else if case .submit = step {
                Issue.record("segment is submitted, and not waited for at once")
            }
        }
    }

    @Test func everySegmentIsWaitedForOnceAndInOrder() throws {
        for seed in 0..<40 {
            let random = try RandomGraph(seed: seed, nodes: 25)
            var rules = PlacementRules(mode: .cost)
            for node in 0..<25 { rules.pins.append(("n\(node)", (node * 7 + seed) % 3)) }
            let providers = ["far", "farther"].map {
                SeparateMemoryProvider($0, host: CPUProvider(), simulation: .init())
            }
            let plan = try engine(random.graph, providers, rules).plan(for: random.inputs)
            var begun: [Int: [Int]] = [:]
            for step in plan.steps {
                switch step {
                case .submit(let segment): begun[plan.segments[segment].device, default: []].append(segment)
                case .wait(let segment):
                    let first = begun[plan.segments[segment].device]?.removeFirst()
                    #expect(first == segment)
                default: break
                }
            }
            #expect(begun.values.allSatisfy { $0.isEmpty })
        }
    }

    // MARK: Faults and cancellation

    /// Two submissions to two devices, outstanding at once; their sum needs both.
    private func twoDevices(
        _ first: Simulation, _ second: Simulation
    ) throws -> (engine: Engine, inputs: [Value]) {
        let (graph, inputs) = try branches()
        let providers = [
            SeparateMemoryProvider("one", host: CPUProvider(), simulation: first),
            SeparateMemoryProvider("two", host: CPUProvider(), simulation: second),
        ]
        return (try engine(graph, providers, Self.pins), inputs)
    }

    @Test func aFaultWaitsForWhatElseIsUnderWay() throws {
        let slow = Count()
        let (engine, inputs) = try twoDevices(
            Simulation(fault: { $0 == 1 ? WeftError(.invalidData, "an index lies outside") : nil }),
            Simulation(seconds: { _ in 0.02 }, finished: { _ in slow.add() }))
        let error = try #require(throws: WeftError.self) { _ = try engine.run(inputs) }
        #expect(error.code == .invalidData)
        #expect(slow.value == 1, "the other device still works in memory that the next run gets")
        let y = try #require(try engine.run(inputs)[0].tensor).array(as: Float.self)
        #expect(abs(y[5] - (sigmoid(3) - 3)) < 1e-5)
    }

    @Test func aCancelledRunLeavesNothingUnderWay() throws {
        let cancellation = RunCancellation()
        let done = Count()
        let finished: @Sendable (Int) -> Void = { _ in done.add() }
        let (engine, inputs) = try twoDevices(
            Simulation(
                seconds: { _ in 0.02 },
                fault: { submission in
                    if submission == 1 { cancellation.cancel() }
                    return nil
                }, finished: finished),
            Simulation(seconds: { _ in 0.02 }, finished: finished))
        let error = try #require(throws: WeftError.self) { _ = try engine.run(inputs, cancellation: cancellation) }
        #expect(error.code == .cancelled)
        let left = done.value
        _ = try engine.run(inputs)
        #expect(done.value == left + 2)
    }

    @Test func aLossIsALossWhoeverElseIsUnderWay() throws {
        let (engine, inputs) = try twoDevices(
            Simulation(seconds: { _ in 0.01 }), Simulation(fault: { _ in WeftError(.deviceLost, "gone") }))
        for _ in 0..<2 {
            #expect(try #require(throws: WeftError.self) { _ = try engine.run(inputs) }.code == .deviceLost)
        }
    }

    // MARK: Random graphs

    @Test(arguments: [false, true]) func randomPlacementsOnBusyDevicesEqualTheInterpreter(_ unified: Bool) throws {
        for seed in 0..<150 {
            var dice = Dice(seed + 77_000)
            let nodes = 2 + dice.below(25)
            let random = try RandomGraph(seed: seed, nodes: nodes)
            var rules = PlacementRules(mode: .cost)
            for node in 0..<nodes where dice.below(6) > 0 { rules.pins.append(("n\(node)", dice.below(3))) }
            let providers = (0..<2).map { device in
                SeparateMemoryProvider(
                    device == 0 ? "far" : "farther", host: CPUProvider(),
                    simulation: Simulation(
                        seconds: { Double(($0.id * 37 + seed + device * 5) % 7) * 20e-6 }, isUnified: unified))
            }
            let engine = try engine(random.graph, providers, rules)
            let want = try Interpreter(engine.reference, workers: SerialWorkers()).run(
                random.graph, random.inputs.map { .value($0) })
            for _ in 0..<2 {
                try RandomPlacementTests.expectSame(
                    try engine.run(random.inputs), want, "seed \(seed), unified \(unified), pins \(rules.pins)")
            }
        }
    }
}

private func sigmoid(_ x: Float) -> Float { 1 / (1 + exponential(-x)) }

/// exp by its series; enough for small numbers.
private func exponential(_ x: Float) -> Float {
    var (sum, term) = (1.0, 1.0)
    for n in 1..<40 {
        term *= Double(x) / Double(n)
        sum += term
    }
    return Float(sum)
}

private final class Count: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .sequentiallyConsistent) }
    func add() { count.add(1, ordering: .sequentiallyConsistent) }
}

/// Two threads that meet: one waits until the other has come.
private final class Meeting: @unchecked Sendable {
    private let lock = Lock()
    private var arrivals = 0

    func comes() {
        lock.withLock {
            arrivals += 1
            lock.broadcast()
        }
    }

    /// Whether somebody came within so many seconds; takes one arrival.
    func waits(seconds: Double) -> Bool {
        let end = HostClock.nanoseconds + UInt64(seconds * 1e9)
        while HostClock.nanoseconds < end {
            let came = lock.withLock { () -> Bool in
                guard arrivals > 0 else { return false }
                arrivals -= 1
                return true
            }
            if came { return true }
            SimulatedTime.sleep(seconds: 0.0005)
        }
        return false
    }
}

/// The host's Sigmoid, which says that it has begun.
private struct SignallingProvider: Provider {
    let name = "signals"
    let rows: [SupportRow]

    init(_ meeting: Meeting) {
        rows = [
            SupportRow(
                "Sigmoid", types: TypeConstraint([.float32]),
                variants: { node, _ in [Variant("plain", work: .elements(of: node))] },
                kernel: HostKernel { node throws(WeftError) in
                    let count = node.view.outputShape(0).elementCount
                    return { invocation throws(WeftError) in
                        meeting.comes()
                        let (x, y) = (invocation.input(0, as: Float.self), invocation.output(0, as: Float.self))
                        for index in 0..<count { y[index] = sigmoid(x[index]) }
                    }
                })
        ]
    }

    func devices() -> (found: [DeviceDescription], unavailable: String?) {
        ([DeviceDescription(id: name, name: "host", provider: name, kind: .host)], nil)
    }

    func open(_ device: DeviceDescription) throws(WeftError) -> any Device { HostDevice(device, provider: self) }
}
