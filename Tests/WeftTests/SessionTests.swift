import Foundation
import Testing
import Weft

/// Loading models, and what goes in and comes out.
@Suite struct SessionTests {
    private static let digits = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Examples/digits-detector/model.onnx").path

    private func bits(_ tensor: Tensor) throws -> [UInt32] { try tensor.array(as: Float.self).map(\.bitPattern) }

    private func refusal(_ session: Session, _ inputs: [String: Tensor], outputs: [String]? = nil) throws -> WeftError {
        let error = try #require(throws: WeftError.self) {
            _ = try session.runSynchronously(inputs, outputs: outputs)
        }
        #expect(error.code == .invalidInput)
        return error
    }

    @Test func bytesAndPathGiveTheSameModel() async throws {
        let path = try await Session(model: Self.digits, providers: [.cpu])
        let bytes = try await Session(
            model: Array(try Data(contentsOf: URL(fileURLWithPath: Self.digits))), providers: [.cpu])
        #expect(path.inputs == bytes.inputs && path.outputs == bytes.outputs)
        let input = try #require(path.inputs.first)
        let x = noise(try #require(input.fixedShape))
        let (first, second) = (try await path.run([input.name: x]), try await bytes.run([input.name: x]))
        #expect(first.names == path.outputs.map(\.name))
        for name in first.names {
            #expect(try first[name].shape == second[name].shape)
            #expect(try bits(first[name]) == bits(second[name]))
        }
    }

    @Test func theDetectorSaysWhatItIs() async throws {
        var options = SessionOptions()
        options.plansAtLoad = false
        let session = try await Session(model: Self.digits, providers: [.cpu], options: options)
        #expect(session.metadata["task"] == "detect")
        #expect(session.metadata["imgsz"] == "[256, 256]")
        #expect(session.metadata["names"]?.hasPrefix("{0: '0', 1: '1'") == true)
        #expect(session.inputs.map(\.fixedShape) == [[1, 3, 256, 256]])
        #expect(session.information.operatorCounts["Conv"] ?? 0 > 30)
        #expect(session.information.operatorCounts.values.reduce(0, +) == session.information.nodeCount)
        #expect(session.information.opsets["ai.onnx"] != nil)
        #expect(session.planCount == 0)
        #expect(session.placement.nodes.isEmpty)
    }

    @Test func chosenOutputsComeInTheirOrder() async throws {
        let session = try await Session(model: ModelWriter.pair(), providers: [.cpu])
        let x = Tensor([Float](arrayLiteral: -1, 0, 1, 2, 3, -4), shape: [2, 3])
        let every = try await session.run(["x": x])
        #expect(every.names == ["y", "m"])
        #expect(try every["m"].array(as: Float.self) == [0, 0, 1, 2, 3, 0])
        let chosen = try await session.run(["x": x], outputs: ["m", "y", "m"])
        #expect(chosen.names == ["m", "y", "m"])
        #expect(try bits(chosen["y"]) == bits(every["y"]))
        #expect(try await session.run(["x": x], outputs: []).names.isEmpty)
        let error = try refusal(session, ["x": x], outputs: ["z"])
        #expect(error.message == "the model has no output 'z'" && error.hint == "its outputs are y, m")
        #expect(try #require(throws: WeftError.self) { _ = try every["z"] }.code == .invalidInput)
    }

    @Test func wrongInputsAreNamed() async throws {
        let session = try await Session(model: ModelWriter.pair(), providers: [.cpu])
        let x = noise([2, 3])
        let name = try refusal(session, ["x": x, "q": x])
        #expect(name.message == "the model has no input 'q'" && name.hint == "its inputs are x: float32 [2, 3]")
        #expect(try refusal(session, [:]).message == "input 'x' is missing")
        let type = try refusal(session, ["x": Tensor([Double](repeating: 0, count: 6), shape: [2, 3])])
        #expect(type.message == "input 'x' is float32, was given float64")
        #expect(try refusal(session, ["x": noise([3, 2])]).message == "input 'x' has shape [2, 3], was given [3, 2]")
        #expect(try refusal(session, ["x": noise([6])]).message == "input 'x' has shape [2, 3], was given [6]")
        let short = try refusal(session, ["x": Tensor([Float](repeating: 0, count: 5), shape: [2, 3])])
        #expect(short.message == "input 'x' shape [2, 3] has 6 elements, the tensor holds 5")
        let strings = try #require(throws: WeftError.self) {
            _ = try session.runSynchronously(values: ["x": .strings(StringTensor(["a"], shape: [1]))])
        }
        #expect(strings.code == .invalidInput)
    }

    @Test func oneSymbolHasOneSize() async throws {
        let session = try await Session(model: ModelWriter.layers(), providers: [.cpu])
        let error = try refusal(session, ["a": noise([2, 48]), "b": noise([3, 48])])
        #expect(error.message == "input 'b' has shape [rows, 48], was given [3, 48], but rows is 2 in another input")
    }

    @Test func concurrentRunsGiveTheSameBits() async throws {
        var options = SessionOptions()
        options.threads = 2
        options.concurrentRuns = 3
        let session = try await Session(model: ModelWriter.layers(), providers: [.cpu], options: options)
        let inputs = (0..<4).map { rows in ["a": noise([rows + 1, 48], rows), "b": noise([rows + 1, 48], rows + 9)] }
        var want: [[UInt32]] = []
        for input in inputs { want.append(try bits(try await session.run(input)["h3"])) }
        let expected = want
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for run in 0..<5 {
                        let index = (task + run) % inputs.count
                        let got = try bits(try await session.run(inputs[index])["h3"])
                        if got != expected[index] { return false }
                    }
                    return true
                }
            }
            for try await same in group { #expect(same) }
        }
        #expect(session.planCount == 4)
    }

    @Test func deterministicSessionsAgree() async throws {
        var options = SessionOptions()
        options.deterministic = true
        let inputs = ["a": noise([5, 48], 3), "b": noise([5, 48], 4)]
        var results: [[UInt32]] = []
        for _ in 0..<2 {
            let session = try await Session(model: ModelWriter.layers(), providers: [.cpu], options: options)
            for _ in 0..<3 { results.append(try bits(try await session.run(inputs)["h3"])) }
        }
        #expect(Set(results).count == 1)
    }

    @Test func plansAreKeptForAsManySignaturesAsAsked() async throws {
        var options = SessionOptions()
        options.planCapacity = 2
        let session = try await Session(model: ModelWriter.layers(), providers: [.cpu], options: options)
        #expect(session.planCount == 0)
        for (rows, plans) in [(1, 1), (2, 2), (1, 2), (3, 2), (1, 2)] {
            _ = try await session.run(["a": noise([rows, 48]), "b": noise([rows, 48])])
            #expect(session.planCount == plans, "after \(rows) rows")
        }
    }

    @Test func shapesGivenAtLoadingMakeThePlan() async throws {
        var options = SessionOptions()
        options.shapes = ["a": [4, 48], "b": [4, 48]]
        let session = try await Session(model: ModelWriter.layers(), providers: [.cpu], options: options)
        #expect(session.planCount == 1)
        _ = try await session.run(["a": noise([4, 48]), "b": noise([4, 48])])
        #expect(session.planCount == 1)
        for (shapes, text) in [
            (["q": [1]], "a shape is given for 'q', which is no input of the model"),
            (["a": [4, 47], "b": [4, 48]], "input 'a' has shape [rows, 48], was given [4, 47]"),
        ] {
            options.shapes = shapes
            let error = try await failure(ModelWriter.layers(), [.cpu], options)
            #expect(error.code == .invalidOption && error.message == text)
        }
    }

    @Test func badOptionsAndListsAreRefused() async throws {
        var options = SessionOptions()
        options.threads = 0
        #expect(try await failure(ModelWriter.pair(), [.cpu], options).code == .invalidOption)
        let unknown = try await failure(ModelWriter.pair(), ["cpu", "abacus"])
        #expect(unknown.code == .unknownProvider && unknown.message == "there is no provider 'abacus'")
        #expect(unknown.hint?.contains("cpu") == true)
        #expect(try await failure(ModelWriter.pair(), ["cpu:7"]).code == .providerUnavailable)
    }

    @Test func whatIsNoModelIsRefused() async throws {
        #expect(try await failure([], [.cpu]).code == .invalidModel)
        #expect(try await failure(Array("not a model".utf8), [.cpu]).code == .invalidModel)
        #expect(try await failure(Array(ModelWriter.layers().dropLast(9)), [.cpu]).code == .invalidModel)
        let missing = try #require(throws: WeftError.self) { _ = try Session(loading: "/nowhere/model.onnx") }
        #expect(missing.code == .unreadableFile && missing.description.contains("/nowhere/model.onnx"))
    }

    private func failure(
        _ model: [UInt8], _ providers: [ProviderChoice], _ options: SessionOptions = SessionOptions()
    ) async throws -> WeftError {
        do {
            _ = try await Session(model: model, providers: providers, options: options)
        } catch {
            return error
        }
        throw WeftError(.internalInconsistency, "the model was loaded")
    }
}
