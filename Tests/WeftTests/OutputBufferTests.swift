import Testing
import Weft
import WeftCPU
import WeftProviderTesting

/// Outputs in memory of the caller's.
@Suite struct OutputBufferTests {
    private static let x = Tensor([Float](arrayLiteral: -1, 0, 1, 2, 3, -4), shape: [2, 3])

    private func isIn(_ tensor: Tensor, _ buffer: OutputBuffer) -> Bool {
        tensor.storage.host != nil && tensor.storage.host == buffer.storage.host
    }

    @Test func hostKernelsWriteIntoTheCallersMemory() async throws {
        let session = try await Session(model: ModelWriter.pair(), providers: [.cpu])
        let want = try await session.run(["x": Self.x])
        let y = try OutputBuffer(.float32, shape: [2, 3])
        for _ in 0..<2 {
            let got = try await session.run(["x": Self.x], into: ["y": y])
            #expect(got.names == ["y", "m"])
            #expect(isIn(try got["y"], y))
            #expect(!isIn(try got["m"], y))
            #expect(try got["y"].array(as: Float.self) == want["y"].array(as: Float.self))
            #expect(try got["m"].array(as: Float.self) == want["m"].array(as: Float.self))
        }
    }

    @Test func memoryOfOnesOwnIsUsedAsItIs() throws {
        let session = try Session(loading: ModelWriter.pair(), providers: [.cpu])
        let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 8)
        memory.initialize(repeating: 7)
        defer { memory.deallocate() }
        let inner = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(memory)[4..<28])
        let buffer = try OutputBuffer(.float32, shape: [2, 3], memory: inner)
        _ = try session.runSynchronously(["x": Self.x], into: ["m": buffer])
        #expect(Array(memory) == [7, 0, 0, 1, 2, 3, 0, 7])
    }

    @Test func devicesCopyIntoTheCallersMemory() async throws {
        for simulation in [nil, Simulation()] {
            let far = SeparateMemoryProvider("far", host: CPUProvider(), simulation: simulation)
            let session = try await Session(model: ModelWriter.layers(), providers: [.provider(far)])
            let host = try await Session(model: ModelWriter.layers(), providers: [.cpu])
            let inputs = ["a": noise([5, 48], 1), "b": noise([5, 48], 2)]
            let buffer = try OutputBuffer(.float32, shape: [5, 48])
            let got = try await session.run(inputs, into: ["h3": buffer])["h3"]
            #expect(session.placement.shares["far"]?.nodes == 7)
            #expect(isIn(got, buffer))
            let want = try await host.run(inputs)["h3"].array(as: Float.self)
            #expect(try got.array(as: Float.self) == want)
        }
    }

    @Test func outputsThatAreInputsOrRepeatsAreCopied() throws {
        var model = ModelWriter()
        model.input("x", [.fixed(2), .fixed(3)])
        model.node("Relu", ["x"], ["y"], name: "first")
        for output in ["x", "y", "y"] { model.output(output, [.fixed(2), .fixed(3)]) }
        let session = try Session(loading: model.bytes, providers: [.cpu])
        let (x, y) = (try OutputBuffer(.float32, shape: [2, 3]), try OutputBuffer(.float32, shape: [2, 3]))
        let got = try session.runSynchronously(["x": Self.x], into: ["x": x, "y": y])
        #expect(isIn(got.values[0].tensor ?? Self.x, x) && isIn(got.values[1].tensor ?? Self.x, y))
        #expect(try got["x"].array(as: Float.self) == Self.x.array(as: Float.self))
        for value in got.values.dropFirst() {
            #expect(try value.tensor?.array(as: Float.self) == [0, 0, 1, 2, 3, 0])
        }
    }

    @Test func anOutputMayTakeTheMemoryOfAnInput() throws {
        let session = try Session(loading: ModelWriter.pair(), providers: [.cpu])
        let state = try OutputBuffer(.float32, shape: [2, 3])
        var tensor = Self.x
        for _ in 0..<3 {
            let plain = try session.runSynchronously(["x": tensor])
            let got = try session.runSynchronously(["x": tensor], into: ["y": state])
            #expect(try got["y"].array(as: Float.self) == plain["y"].array(as: Float.self))
            #expect(try got["m"].array(as: Float.self) == plain["m"].array(as: Float.self))
            tensor = try got["y"]
            #expect(isIn(tensor, state))
        }
    }

    @Test func outputsOfUnknownSizeFillWhatTheyNeed() throws {
        var model = ModelWriter()
        model.input("x", [.fixed(2), .fixed(3)])
        model.node("NonZero", ["x"], ["y"], name: "where")
        model.output("y", [.fixed(2), .unknown], type: .int64)
        let session = try Session(loading: model.bytes, providers: [.cpu])
        let buffer = try OutputBuffer(.int64, capacity: 12)
        let got = try session.runSynchronously(["x": Self.x], into: ["y": buffer])["y"]
        #expect(got.shape == [2, 5] && isIn(got, buffer))
        #expect(try got.array(as: Int64.self) == [0, 0, 1, 1, 1, 0, 2, 0, 1, 2])
        let none = Tensor([Float](repeating: 0, count: 6), shape: [2, 3])
        #expect(try session.runSynchronously(["x": none], into: ["y": buffer])["y"].shape == [2, 0])
        let small = try OutputBuffer(.int64, capacity: 9)
        let error = try #require(throws: WeftError.self) {
            _ = try session.runSynchronously(["x": Self.x], into: ["y": small])
        }
        #expect(error.code == .invalidInput)
        #expect(
            error.message == "output 'y' has shape [2, 5], which does not fit into the 72 bytes of its buffer")
    }

    @Test func whatDoesNotFitIsRefusedBeforeAnythingRuns() throws {
        let session = try Session(loading: ModelWriter.pair(), providers: [.cpu])
        func refusal(_ buffers: [String: OutputBuffer], _ outputs: [String]? = nil) throws -> String {
            let error = try #require(throws: WeftError.self) {
                _ = try session.runSynchronously(["x": Self.x], outputs: outputs, into: buffers)
            }
            #expect(error.code == .invalidInput)
            return error.message
        }
        let good = try OutputBuffer(.float32, shape: [2, 3])
        #expect(try refusal(["z": good]) == "the model has no output 'z'")
        #expect(
            try refusal(["m": good], ["y"]) == "a buffer is given for output 'm', which is not asked for")
        #expect(
            try refusal(["y": OutputBuffer(.float64, shape: [2, 3])])
                == "output 'y' is float32, its buffer is for float64")
        #expect(
            try refusal(["y": OutputBuffer(.float32, shape: [3, 2])])
                == "output 'y' has shape [2, 3], its buffer is for [3, 2]")
        #expect(
            try refusal(["y": OutputBuffer(.float32, capacity: 5)])
                == "output 'y' has shape [2, 3], which does not fit into the 20 bytes of its buffer")
        #expect(try refusal(["y": good, "m": good]) == "the buffers of outputs 'y' and 'm' overlap")
        #expect(good.storage.bytes.allSatisfy { $0 == 0 })
    }

    @Test func buffersThatCannotBeAreRefused() throws {
        #expect(throws: WeftError.self) { _ = try OutputBuffer(.string, shape: [1]) }
        #expect(throws: WeftError.self) { _ = try OutputBuffer(.float32, shape: [-1, 2]) }
        #expect(throws: WeftError.self) { _ = try OutputBuffer(.float32, shape: [Int.max, 8]) }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 64)
        defer { memory.deallocate() }
        #expect(throws: WeftError.self) { _ = try OutputBuffer(.float32, shape: [7], memory: memory) }
        let odd = UnsafeMutableRawBufferPointer(rebasing: memory[1..<29])
        let error = try #require(throws: WeftError.self) { _ = try OutputBuffer(.float32, shape: [7], memory: odd) }
        #expect(error.code == .invalidOption && error.message.contains("multiple of 4 bytes"))
    }
}

/// Numbers that look random, the same for one seed.
func noise(_ shape: [Int], _ seed: Int = 1) -> Tensor {
    Tensor((0..<shape.elementCount).map { Float(($0 * 7919 + seed * 104_729) % 1000) / 500 - 1 }, shape: shape)
}
