import Foundation
import Testing
import Weft

/// What goes wrong is told in one line that names the culprit, with the exit code that the contract says.
@Suite struct BadInputTests {
    private func expect(
        _ arguments: [String], code: Int32, names words: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let result = try Tool.run(arguments)
        #expect(result.code == code, sourceLocation: sourceLocation)
        #expect(result.output.isEmpty, sourceLocation: sourceLocation)
        let lines = result.errorLines
        #expect(lines.first?.hasPrefix("weft: error: ") == true, sourceLocation: sourceLocation)
        #expect(lines.count == 1 || (lines.count == 2 && lines[1].hasPrefix("hint: ")), sourceLocation: sourceLocation)
        for word in words {
            #expect(lines.first?.contains(word) == true, "\(result.errors)", sourceLocation: sourceLocation)
        }
    }

    private let dense = Tool.fixture("dense.onnx")

    @Test func anEmptyFileIsNamed() throws {
        try Tool.withFolder { folder in
            let file = folder + "/empty.onnx"
            try Data().write(to: URL(fileURLWithPath: file))
            try expect(["run", file], code: 3, names: [file, "empty"])
        }
    }

    @Test func aTruncatedFileIsNamed() throws {
        try Tool.withFolder { folder in
            let file = folder + "/short.onnx"
            let whole = try Data(contentsOf: URL(fileURLWithPath: dense))
            try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: file))
            try expect(["run", file], code: 3, names: [file, "past the end"])
        }
    }

    @Test func aFileThatIsNoModelIsNamed() throws {
        try expect(["inspect", Tool.fixture("make.py")], code: 3, names: ["make.py", "not a valid ONNX model"])
    }

    @Test func aMissingFileIsNamed() throws {
        try expect(["run", "/nowhere/model.onnx"], code: 3, names: ["/nowhere/model.onnx"])
    }

    @Test func aWrongInputNameIsNamed() throws {
        try expect(["run", dense, "--input", "z=file.npy"], code: 3, names: ["no input 'z'"])
    }

    @Test func aWrongInputShapeIsNamed() throws {
        try Tool.withFolder { folder in
            let file = folder + "/x.npy"
            try Tensor([Float](repeating: 1, count: 10), shape: [2, 5]).write(npy: file)
            try expect(["run", dense, "--input", "x=\(file)"], code: 3, names: ["'x'", "[rows, 4]", "[2, 5]"])
        }
    }

    @Test func aWrongInputTypeIsNamed() throws {
        try Tool.withFolder { folder in
            let file = folder + "/x.npy"
            try Tensor([Int64](repeating: 1, count: 8), shape: [2, 4]).write(npy: file)
            try expect(["run", dense, "--input", "x=\(file)"], code: 3, names: ["'x'", "float32", "int64"])
        }
    }

    @Test func anInputFileThatIsNoArrayIsNamed() throws {
        try expect(["run", dense, "--input", "x=\(dense)"], code: 3, names: [dense, ".npy"])
    }

    @Test(arguments: ["", "12XB", "-1", "1.2.3MB", ".5GB", "MB", "99999999999TB", "1e3"])
    func aBadSizeOfMemoryIsBadUsage(_ size: String) throws {
        for command in ["run", "explain", "bench", "tune", "test", "compare", "inspect"] {
            let result = try Tool.run([command, dense, "--provider", "cpu", "--device-memory=\(size)"])
            #expect(result.code == 2, "\(command): \(result.errors)")
            #expect(result.errors.contains("--device-memory") && result.output.isEmpty)
        }
    }

    @Test func anOpenDimensionIsNamed() throws {
        try expect(["run", dense], code: 3, names: ["'x'", "rows"])
    }

    @Test func missingExternalDataIsNamed() throws {
        try expect(["run", Tool.fixture("external_missing.onnx")], code: 3, names: ["nowhere.bin", "missing"])
    }

    @Test func externalDataOutsideTheFolderIsNamed() throws {
        try expect(["run", Tool.fixture("external_outside.onnx")], code: 3, names: ["../dense.onnx", "leaves"])
    }

    @Test func anUnknownProviderIsNamed() throws {
        try expect(["run", dense, "--shape", "x=2x4", "--provider", "abacus"], code: 2, names: ["'abacus'"])
    }

    @Test func anUnknownProviderFailsBeforeAnyTestCase() throws {
        try expect(["test", Tool.digits, "--provider", "abacus"], code: 2, names: ["'abacus'"])
    }

    @Test func anUnknownOperatorIsNamedWithDomainAndVersion() throws {
        try expect(
            ["run", Tool.fixture("unknown_operator.onnx")], code: 3,
            names: ["frob", "Frobnicate", "com.example", "version 3"])
    }

    @Test func aCycleIsNamed() throws {
        try expect(["run", Tool.fixture("cycle.onnx")], code: 3, names: ["cycle", "first", "second"])
    }

    @Test func anUndefinedNameIsNamed() throws {
        try expect(["run", Tool.fixture("undefined.onnx")], code: 3, names: ["sum", "'ghost'"])
    }

    @Test func aPictureThatIsNoneIsNamed() throws {
        try expect(
            ["detect", dense, "--model", Tool.digits + "/model.onnx"], code: 3, names: [dense])
    }

    @Test func aModelThatDetectCannotInterpretIsNamed() throws {
        try expect(
            ["detect", Tool.digits + "/scene.png", "--model", dense], code: 3, names: [dense, "YOLO"])
    }

    @Test func aFolderWithoutCasesIsBadUsage() throws {
        try Tool.withFolder { folder in
            try expect(["test", folder], code: 2, names: [folder, "no test case"])
        }
    }

    @Test(arguments: [
        ["frobnicate"], ["run"], ["run", "--nope", "x"], ["run", "m.onnx", "--placement", "best"],
        ["bench"], ["run", "m.onnx", "--shape", "x=2xq"], ["run", "m.onnx", "--repeat", "0"],
        ["run", "m.onnx", "--pin", "x"], ["detect", "p.png", "--model", "m.onnx", "--confidence", "7"],
        ["detect", "p.png", "--model", "m.onnx", "--classes", "one"],
    ])
    func badUsageExitsWithTwo(_ arguments: [String]) throws {
        try expect(arguments, code: 2, names: [])
    }

    @Test func strictPlacementThatLeavesNodesOutExitsWithFour() throws {
        let providers = try Tool.run(["providers", "--json"]).json()["providers"] as? [[String: Any]] ?? []
        let other = providers.first { $0["name"] as? String != "cpu" && $0["available"] as? Bool == true }
        // Where the machine has nobody but the host's own provider, strict forbids nothing.
        guard let name = other?["name"] as? String else { return }
        try expect(
            ["run", Tool.fixture("exotic.onnx"), "--provider", name, "--strict"], code: 4, names: ["wave", name])
    }
}
