import Testing
import Weft
import WeftCPU
import WeftProviderTesting

/// Limits of device memory, and devices that fail.
@Suite struct DeviceMemoryTests {
    private static let inputs = ["a": noise([4, 48], 1), "b": noise([4, 48], 2)]

    private func session(
        _ limit: Int?, memory: Int = 0, runs: Int = 16, simulation: Simulation? = nil, fallsBack: Bool = false
    ) async throws -> Session {
        var options = SessionOptions()
        options.deviceMemory = limit
        // What does not fit has nowhere else to go.
        options.strict = true
        options.concurrentRuns = runs
        options.fallsBackToHost = fallsBack
        return try await Session(
            model: ModelWriter.layers(),
            providers: [
                .provider(SeparateMemoryProvider("far", host: CPUProvider(), memory: memory, simulation: simulation))
            ], options: options)
    }

    private func failure(_ session: Session) async throws -> WeftError {
        do { _ = try await session.run(Self.inputs) } catch { return error }
        throw WeftError(.internalInconsistency, "the run did not fail")
    }

    /// The number of bytes that the error of a limit far too small names.
    private func need() async throws -> Int {
        let error = try await failure(session(1))
        #expect(error.code == .deviceMemoryExceeded)
        let words = error.message.split(separator: " ")
        let index = try #require(words.firstIndex(of: "needs"))
        return try #require(Int(words[index + 1]))
    }

    @Test func aPlanBeyondTheLimitSaysHowMuchItNeeds() async throws {
        let weights = 3 * 48 * 48 * 4
        let error = try await failure(session(weights))
        #expect(error.code == .deviceMemoryExceeded)
        #expect(
            error.message.hasPrefix("the plan needs ") && error.message.contains("on far, whose limit is \(weights)"))
        #expect(error.message.contains("weights \(weights)"))
        #expect(error.hint?.contains("limit") == true)
        #expect(try await need() > weights)
    }

    @Test func aPlanWithinTheLimitRuns() async throws {
        let bytes = try await need()
        let want = try await session(nil).run(Self.inputs)["h3"].array(as: Float.self)
        #expect(try await session(bytes).run(Self.inputs)["h3"].array(as: Float.self) == want)
        #expect(try await failure(session(bytes - 1)).code == .deviceMemoryExceeded)
    }

    @Test func whatTheDeviceItselfHasIsALimitToo() async throws {
        let bytes = try await need()
        #expect(try await failure(session(nil, memory: bytes - 1)).code == .deviceMemoryExceeded)
        #expect(try await failure(session(bytes, memory: 1)).message.contains("whose limit is 1:"))
        _ = try await session(nil, memory: bytes).run(Self.inputs)
    }

    @Test func runsThatFindNoRoomWaitForOneThatHasIt() async throws {
        let session = try await session(
            try await need(), simulation: Simulation(seconds: { _ in 0.001 }))
        let want = try await session.run(Self.inputs)["h3"].array(as: Float.self)
        try await withThrowingTaskGroup(of: [Float].self) { group in
            for _ in 0..<6 { group.addTask { try await session.run(Self.inputs)["h3"].array() } }
            for try await got in group { #expect(got == want) }
        }
    }

    @Test func anotherShapesIdleMemoryMakesRoom() async throws {
        let session = try await session(try await need())
        let first = try await session.run(Self.inputs)["h3"].array(as: Float.self)
        _ = try await session.run(["a": noise([3, 48]), "b": noise([3, 48])])
        #expect(session.planCount == 2)
        #expect(try await session.run(Self.inputs)["h3"].array(as: Float.self) == first)
    }

    @Test func aNegativeLimitIsRefused() async throws {
        let error = try await #require(throws: WeftError.self) { _ = try await session(-1) }
        #expect(error.code == .invalidOption)
    }

    // MARK: Failing devices

    private static let loss = Simulation(
        fault: { submission in submission == 2 ? WeftError(.deviceLost, "the pretended device is gone") : nil })

    @Test func aLostDeviceIsAnErrorUnlessTheHostMayTakeOver() async throws {
        let session = try await session(nil, simulation: Self.loss)
        _ = try await session.run(Self.inputs)
        for _ in 0..<2 { #expect(try await failure(session).code == .deviceLost) }
    }

    @Test func theHostTakesOverWhereItMay() async throws {
        let session = try await session(nil, simulation: Self.loss, fallsBack: true)
        let want = try await session.run(Self.inputs)["h3"].array(as: Float.self)
        #expect(session.placement.shares["far"]?.nodes == 7)
        for _ in 0..<3 { #expect(try await session.run(Self.inputs)["h3"].array(as: Float.self) == want) }
        #expect(session.placement.shares["far"] == nil && session.placement.shares["cpu"]?.nodes == 7)
        let buffer = try OutputBuffer(.float32, shape: [4, 48])
        #expect(try await session.run(Self.inputs, into: ["h3": buffer])["h3"].array(as: Float.self) == want)
    }

    @Test func otherFaultsOfADeviceReachTheCaller() async throws {
        let fault = Simulation(fault: { $0 == 1 ? WeftError(.invalidData, "an index lies outside") : nil })
        let session = try await session(nil, simulation: fault, fallsBack: true)
        #expect(try await failure(session).code == .invalidData)
        _ = try await session.run(Self.inputs)
        #expect(session.placement.shares["far"]?.nodes == 7)
    }
}
