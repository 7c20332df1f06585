import Foundation

@testable import WeftONNX

/// Files beside the tests, made by `Fixtures/make.py`.
enum Fixture: String, CaseIterable {
    case everyType = "every_type", constants, functions, bodies

    static let folder = String(#filePath.dropLast("Support.swift".count)) + "Fixtures/"

    var path: String { Fixture.folder + rawValue + ".onnx" }
    var bytes: [UInt8] { get throws { try readFile(path) } }
}

/// The folder of real models, which not every checkout has.
let modelsFolder = String(#filePath.dropLast("Tests/WeftONNXTests/Support.swift".count)) + ".models/"

func fileExists(_ path: String) -> Bool { access(path, R_OK) == 0 }

struct MissingFile: Error { let path: String }

func readFile(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "r") else { throw MissingFile(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return bytes
}

func writeFile(_ path: String, _ bytes: [UInt8]) throws {
    guard let file = fopen(path, "w") else { throw MissingFile(path: path) }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw MissingFile(path: path) }
}

/// Gives `body` an empty folder and removes it afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path + "/")
}

/// The same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// `bytes` after a few random flips, overwrites, deletions and insertions.
func mutated(_ bytes: [UInt8], with random: inout SeededGenerator) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
        let at = Int.random(in: 0..<max(result.count, 1), using: &random)
        guard at < result.count else { return [UInt8.random(in: 0...255, using: &random)] }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: result[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: result[at] = UInt8.random(in: 0...255, using: &random)
        case 2: result[at] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
        case 3: result.removeSubrange(at..<min(at + Int.random(in: 1...8, using: &random), result.count))
        case 4: result.insert(contentsOf: result[at..<min(at + 16, result.count)], at: at)
        default: result.insert(UInt8.random(in: 0...255, using: &random), at: at)
        }
    }
    return result
}
