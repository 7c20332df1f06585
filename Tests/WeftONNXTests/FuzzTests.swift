import Testing
import WeftGraph
import WeftProvider

@testable import WeftONNX

/// Damaged models: loading may succeed or throw, and must do one of them.
@Suite struct FuzzTests {
    @Test(arguments: Fixture.allCases) func everyTruncationOfAFixtureLoadsOrThrows(_ fixture: Fixture) throws {
        let bytes = try fixture.bytes
        var loaded = 0
        for length in bytes.indices where loadError(Array(bytes[..<length])) == nil { loaded += 1 }
        #expect(loaded < 8)
    }

    @Test(.enabled(if: fileExists(modelsFolder), "no .models folder in this checkout"))
    func everyTruncationOfARealModelLoadsOrThrows() throws {
        let path = modelsFolder + "if-loop-torchscript/model.onnx"
        guard fileExists(path) else { return }
        let bytes = try readFile(path)
        var loaded = 0
        for length in bytes.indices where loadError(Array(bytes[..<length])) == nil { loaded += 1 }
        #expect(loaded < 8)
    }

    @Test(arguments: Fixture.allCases) func everyMutationLoadsOrThrows(_ fixture: Fixture) throws {
        let bytes = try fixture.bytes
        var random = SeededGenerator(state: 2)
        var errors = 0
        for _ in 0..<3000 {
            guard let error = loadError(mutated(bytes, with: &random)) else { continue }
            errors += 1
            #expect(!error.message.isEmpty && error.code != .internalInconsistency)
        }
        #expect(errors > 300)
    }

    /// Constants of what still loads have the bytes that their type and shape promise.
    @Test func constantsOfMutatedModelsKeepTheirPromise() throws {
        let bytes = try Fixture.everyType.bytes
        var random = SeededGenerator(state: 3)
        var seen = 0
        for _ in 0..<2000 {
            guard let model = try? Model(bytes: mutated(bytes, with: &random)) else { continue }
            for constant in model.graph.constants.values where constant.elementType != .string {
                seen += 1
                #expect(try constant.withBytes { $0.count } == constant.elementType.byteCount(constant.elementCount))
            }
        }
        #expect(seen > 1000)
    }

    @Test func everyMutationOfTestDataLoadsOrThrows() throws {
        let files: [(String, ValueType)] = [
            ("tensor", .tensor(.float32, .unknown)), ("sequence", .sequence(.tensor(.float32, .unknown))),
            ("optional", .optional(.tensor(.float32, .unknown))),
            ("map", .map(key: .int64, value: .tensor(.float32, .unknown))),
        ]
        var random = SeededGenerator(state: 4)
        var errors = 0
        for (name, type) in files {
            let bytes = try readFile(Fixture.folder + name + ".pb")
            for _ in 0..<1000 where (try? TensorFile.read(mutated(bytes, with: &random), as: type)) == nil {
                errors += 1
            }
        }
        #expect(errors > 500)
    }
}
