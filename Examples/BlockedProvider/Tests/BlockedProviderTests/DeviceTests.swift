import BlockedProvider
import Foundation
import Testing
import Weft
import WeftProviderKit
import WeftProviderTesting

/// Two devices of one memory, deadlines, names, and what a device needs round it.
@Suite struct DeviceTests {
    /// x -> Neg -> Abs -> Neg -> Abs -> y, one after the other on either twin.
    private static let model: [UInt8] = {
        var model = ModelFile()
        model.input("x", [4, 6])
        for index in 0..<4 {
            model.node(
                index % 2 == 0 ? "Neg" : "Abs", [index == 0 ? "x" : "h\(index)"], [index == 3 ? "y" : "h\(index + 1)"],
                name: "n\(index)")
        }
        model.output("y", [4, 6])
        return model.bytes
    }()

    private static let x = Tensor(noise(24), shape: [4, 6])
    private static let y = noise(24).map(\.magnitude)

    private func session(_ twins: TwinProvider) throws -> Session {
        var options = SessionOptions()
        options.placement = .preference
        return try Session(
            loading: Self.model, providers: [.provider(twins, devices: ["twin", "twin:1"]), .cpu], options: options)
    }

    @Test func devicesOfOneMemoryNeverCopyBetweenThem() throws {
        let copies = CopyCount()
        let session = try session(TwinProvider(counting: copies))
        for run in 1...5 {
            let y: [Float] = try session.runSynchronously(["x": Self.x])["y"].array()
            #expect(y == Self.y)
            #expect(copies.uploads == run && copies.downloads == run, "the input goes there, the output comes back")
        }
        let plan = try session.explain(["x": .tensor(Self.x)])
        #expect(plan.segments.map(\.device) == ["twin", "twin:1", "twin", "twin:1"])
        #expect(plan.transfers.map { [$0.from, $0.to] } == [["host", "twin"], ["twin", "host"]])
    }

    /// Each twin is slow: one that began before the other was done would read what is not there yet.
    @Test func oneDeviceWaitsForTheOther() async throws {
        let session = try session(TwinProvider(pace: .milliseconds(5)))
        try await withThrowingTaskGroup(of: [Float].self) { group in
            for _ in 0..<6 { group.addTask { try await session.run(["x": Self.x])["y"].array() } }
            for try await y in group { #expect(y == Self.y) }
        }
    }

    @Test func aDeadlineEndsARunThatADeviceHoldsUp() throws {
        let session = try session(TwinProvider(pace: .seconds(1)))
        let start = ContinuousClock.now
        let error = try #require(throws: WeftError.self) {
            _ = try session.runSynchronously(["x": Self.x], deadline: .now + .milliseconds(40))
        }
        #expect(error.code == .timeout)
        #expect(ContinuousClock.now - start < .milliseconds(900), "the device takes a second for its first segment")
        #expect(try session.runSynchronously(["x": Self.x])["y"].array() == Self.y)
    }

    @Test func providersOfOneNameAreRefused() throws {
        let lists: [[ProviderChoice]] = [
            [.provider(BlockedProvider()), .provider(BlockedProvider())], [.provider(BlockedProvider("cpu"))],
            [.provider(TwinProvider(), devices: ["twin", "twin"])],
        ]
        for list in lists {
            let error = try #require(throws: WeftError.self) { _ = try Session(loading: Self.model, providers: list) }
            #expect(error.code == .invalidOption)
        }
        try Session.check([.provider(BlockedProvider("a")), .provider(BlockedProvider("b"))])
    }

    @Test func whatWeftsOwnProvidersUseIsHere() throws {
        #expect(CacheDirectory.path("/somewhere") == "/somewhere")
        #expect(CacheDirectory.path("") == nil)
        #expect(CacheDirectory.variable.name == "WEFT_CACHE_DIR")
        let provider = TwinProvider()
        let description = try #require(provider.devices().found.first)
        let device = try provider.open(description)
        let type = ValueType.tensor(.float32, .fixed([24]))
        let node = NodeView(
            id: 0, name: "n", opType: "Neg", inputs: [Operand(value: 0, type: type)],
            outputs: [Operand(value: 1, type: type)])
        guard case .variants(let variants) = provider.support(node, on: description) else {
            Issue.record("the first twin declines Neg")
            return
        }
        let alone = try LoneNodes(
            [node], variants, on: device, workers: SerialWorkers(), constants: PlainConstantStore(),
            given: [0: .tensor(Tensor(noise(24), shape: [24]))])
        try alone.run(try alone.bind(imports: alone.inputs, outputs: [1]))
        let y: [Float] = try #require(try alone.result(of: 1).tensor).array()
        #expect(y == noise(24).map { -$0 })
    }

    /// The kit's own pretended device, of somebody else's provider.
    @Test func thePretendedDeviceRunsAnyHostProvider() throws {
        let transfers = TransferCount(), ledger = AllocationLedger()
        let far = SeparateMemoryProvider(
            "far", host: BlockedProvider(), simulation: Simulation(), transfers: transfers, ledger: ledger,
            layouts: true)
        var model = ModelFile()
        model.input("x", [1, 9, 2, 2])
        model.node("Relu", ["x"], ["h"], name: "first")
        model.node("Add", ["h", "x"], ["y"], name: "second")
        model.output("y", [1, 9, 2, 2])
        var options = SessionOptions()
        options.placement = .preference
        let session = try Session(loading: model.bytes, providers: [.provider(far), .cpu], options: options)
        let x = Tensor(noise(36), shape: [1, 9, 2, 2])
        #expect(try session.runSynchronously(["x": x])["y"].array() == noise(36).map { max($0, 0) + $0 })
        #expect(transfers.uploads == 1 && transfers.downloads == 1 && ledger.peak > 0)
        #expect(session.placement.shares["far"]?.nodes == 2)
    }
}
