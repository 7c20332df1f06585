import Testing
import Weft
import WeftCPU
import WeftProviderTesting

/// Models that a device has too little memory for run partly there.
@Suite struct MemoryPlacementTests {
    private static let width = 64
    private static let layers = 6
    private static let weightBytes = width * width * 4
    private static let inputs = ["x": noise([4, width], 3)]

    /// Products with big weights, one after the other; a bend behind each.
    private static func model() -> [UInt8] {
        var model = ModelWriter()
        model.input("x", [.fixed(4), .fixed(width)])
        for layer in 0..<layers {
            let weights = (0..<width * width).map { Float(($0 * 37 + layer * 11) % 97) / 97 - 0.5 }
            model.weights("w\(layer)", weights, shape: [width, width])
            model.node(
                "MatMul", [layer == 0 ? "x" : "h\(layer - 1)", "w\(layer)"], ["p\(layer)"], name: "product\(layer)")
            model.node("Tanh", ["p\(layer)"], ["h\(layer)"], name: "bend\(layer)")
        }
        model.output("h\(layers - 1)", [.fixed(4), .fixed(width)])
        return model.bytes
    }

    private static let output = "h\(layers - 1)"

    private func session(
        _ limit: Int?, ledger: AllocationLedger? = nil, mode: PlacementMode = .preference,
        also: [ProviderChoice] = [], change: (inout SessionOptions) -> Void = { _ in }
    ) async throws -> Session {
        var options = SessionOptions()
        options.deviceMemory = limit
        options.placement = mode
        change(&options)
        return try await Session(
            model: Self.model(),
            providers: [.provider(SeparateMemoryProvider("far", host: CPUProvider(), ledger: ledger))] + also + [.cpu],
            options: options)
    }

    private func reference() async throws -> [Float] {
        try await Session(model: Self.model(), providers: [.cpu]).run(Self.inputs)[Self.output].array()
    }

    private func expectReference(_ session: Session) async throws {
        let got: [Float] = try await session.run(Self.inputs)[Self.output].array()
        for (a, b) in zip(got, try await reference()) { #expect(abs(a - b) <= 1e-4 * max(1, abs(b))) }
    }

    @Test(arguments: [1, 2, 3, 5]) func aModelThatDoesNotFitGoesPartly(_ fitting: Int) async throws {
        let ledger = AllocationLedger()
        let limit = fitting * Self.weightBytes + 8 * 1024
        let session = try await session(limit, ledger: ledger)
        try await expectReference(session)
        let far = try #require(session.placement.shares["far"])
        #expect(far.nodes > 0 && far.nodes < 2 * Self.layers)
        #expect(ledger.constantBytes == fitting * Self.weightBytes)
        #expect(ledger.bytes <= limit && ledger.peak <= limit, "\(ledger.bytes), \(ledger.peak) of \(limit)")
        let plan = try session.explain(["x": .tensor(noise([4, Self.width], 3))])
        let use = try #require(plan.memory.first { $0.device == "far" })
        #expect(use.limit == limit && use.need <= limit && use.weights == fitting * Self.weightBytes)
        #expect(ledger.bytes <= use.need)
        #expect(plan.isBoundByMemory)
        #expect(plan.unlimited?.needs["far"] ?? 0 > limit)
        let kept = plan.nodes.filter { $0.keptOff == "far" }
        #expect(kept.count == plan.nodesKeptOff && kept.count == plan.nodes.count - far.nodes)
        #expect(kept.allSatisfy { $0.device == "cpu" && $0.reason.hasPrefix("would be on far but for its memory") })
    }

    @Test func withEnoughMemoryNothingChanges() async throws {
        let plan = try await session(nil).explain(["x": .tensor(noise([4, Self.width], 3))])
        let need = try #require(plan.memory.first).need
        let exact = try await session(need)
        let same = try exact.explain(["x": .tensor(noise([4, Self.width], 3))])
        #expect(same.shares["far"]?.nodes == 2 * Self.layers && !same.isBoundByMemory && same.unlimited == nil)
        try await expectReference(exact)
        let less = try await session(need - 1)
        #expect(try less.explain(["x": .tensor(noise([4, Self.width], 3))]).isBoundByMemory)
        try await expectReference(less)
    }

    @Test func noMemoryAtAllLeavesTheHost() async throws {
        let session = try await session(0)
        try await expectReference(session)
        #expect(session.placement.shares["far"] == nil)
    }

    /// Prices by which the device is far quicker than the host, whatever this machine is.
    private static let fast: @Sendable (inout SessionOptions) -> Void = { $0.cacheDirectory = "" }

    @Test func byCostAPlanWithinALimitIsNeverDearerThanTheHost() async throws {
        for fitting in 0..<Self.layers {
            let session = try await session(fitting * Self.weightBytes + 8 * 1024, mode: .cost, change: Self.fast)
            let plan = try session.explain(["x": .tensor(noise([4, Self.width], 3))])
            let host = try #require(plan.comparison?.hostOnly)
            #expect(try #require(plan.comparison).chosen <= host)
            try await expectReference(session)
        }
    }

    @Test func severalDevicesEachHaveTheLimit() async throws {
        let ledgers = [AllocationLedger(), AllocationLedger()]
        let limit = 2 * Self.weightBytes + 8 * 1024
        let second = SeparateMemoryProvider("farther", host: CPUProvider(), ledger: ledgers[1])
        let session = try await session(limit, ledger: ledgers[0], also: [.provider(second)])
        try await expectReference(session)
        for (name, ledger) in zip(["far", "farther"], ledgers) {
            #expect(ledger.peak <= limit && ledger.constantBytes == 2 * Self.weightBytes)
            #expect(session.placement.shares[name]?.nodes ?? 0 > 0)
        }
        #expect(session.placement.shares["cpu"]?.nodes ?? 0 > 0)
    }

    @Test func strictPlacementNamesTheBytes() async throws {
        let limit = 2 * Self.weightBytes
        var options = SessionOptions()
        options.deviceMemory = limit
        options.strict = true
        let error = try await #require(throws: WeftError.self) {
            _ = try await Session(
                model: Self.model(), providers: [.provider(SeparateMemoryProvider("far", host: CPUProvider()))],
                options: options)
        }
        #expect(error.code == .deviceMemoryExceeded)
        #expect(error.message.contains("weights \(Self.layers * Self.weightBytes)"))
        #expect(error.message.contains("whose limit is \(limit)"))
        #expect(error.message.contains("nodes that may not run on the host"))
    }

    @Test func pinsStayOrAreAnError() async throws {
        let pinned = try await session(Self.weightBytes + 8 * 1024) {
            $0.pins = [PlacementPin("product4", provider: "far")]
        }
        let plan = try pinned.explain(["x": .tensor(noise([4, Self.width], 3))])
        let products = plan.nodes.filter { $0.opType == "MatMul" && $0.device == "far" }
        #expect(products.map(\.name) == ["product4"])
        try await expectReference(pinned)
        let error = try await #require(throws: WeftError.self) {
            _ = try await session(Self.weightBytes + 8 * 1024) {
                $0.pins = [PlacementPin("product*", provider: "far")]
            }
        }
        #expect(error.code == .deviceMemoryExceeded && error.message.contains("product0"))
    }

    @Test func anotherShapeUsesTheWeightsThatAreThere() async throws {
        var model = ModelWriter()
        model.input("x", [.symbol("rows"), .fixed(Self.width)])
        for layer in 0..<4 {
            let weights = (0..<Self.width * Self.width).map { Float(($0 * 31 + layer * 7) % 89) / 89 - 0.5 }
            model.weights("w\(layer)", weights, shape: [Self.width, Self.width])
            model.node("MatMul", [layer == 0 ? "x" : "h\(layer - 1)", "w\(layer)"], ["h\(layer)"], name: "p\(layer)")
        }
        model.output("h3", [.symbol("rows"), .fixed(Self.width)])
        let ledger = AllocationLedger()
        var options = SessionOptions()
        options.deviceMemory = 2 * Self.weightBytes + 16 * 1024
        options.placement = .preference
        let session = try await Session(
            model: model.bytes,
            providers: [.provider(SeparateMemoryProvider("far", host: CPUProvider(), ledger: ledger)), .cpu],
            options: options)
        for rows in [2, 5, 2, 9, 5] {
            _ = try await session.run(["x": noise([rows, Self.width])])
            #expect(session.placement.shares["far"]?.nodes ?? 0 >= 2, "\(rows) rows")
            #expect(ledger.constantBytes == 2 * Self.weightBytes && ledger.peak <= options.deviceMemory ?? 0)
        }
    }

    @Test func aPlanUnderALimitIsSavedFollowedAndRefused() async throws {
        let limit = 2 * Self.weightBytes + 8 * 1024
        let inputs = ["x": Value.tensor(noise([4, Self.width], 3))]
        let first = try await session(limit)
        let file = try first.planFile(for: inputs)
        let followed = try await session(limit) { $0.plan = file }
        let (made, plan) = (try first.explain(inputs), try followed.explain(inputs))
        #expect(plan.isBoundByMemory && plan.nodesKeptOff == made.nodesKeptOff)
        #expect(plan.nodes.map(\.device) == made.nodes.map(\.device))
        try await expectReference(followed)
        let error = try await #require(throws: WeftError.self) {
            _ = try await session(Self.weightBytes) { $0.plan = file }
        }
        #expect(error.code == .deviceMemoryExceeded && error.message.hasPrefix("the plan file asks for more than fits"))
    }

    @Test func tuningKeepsToTheLimit() async throws {
        let ledger = AllocationLedger()
        let limit = 3 * Self.weightBytes + 16 * 1024
        let session = try await session(limit, ledger: ledger)
        let inputs = ["x": Value.tensor(noise([4, Self.width], 3))]
        _ = try session.tune(inputs, seconds: 0.2)
        #expect(ledger.peak <= limit, "\(ledger.peak) of \(limit)")
        try await expectReference(session)
    }
}
