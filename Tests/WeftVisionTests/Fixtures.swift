import Foundation
import Testing
import WeftVision

/// Files that the tests read, in the repository and beside it.
enum Fixtures {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let digits = repository.appending(path: "Examples/digits-detector")
    static let models = repository.appending(path: ".models")
    static let records = repository.deletingLastPathComponent().appending(path: "shared/detections")

    /// Whether the models, which are unpacked beside the sources, and the records of what they find are there.
    static let haveModels = exists(models.appending(path: "yolo11n")) && haveRecords
    static let haveRecords = exists(records) && Picture.canUseFiles

    private static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

    static func picture(_ folder: URL, _ path: String) throws -> Picture {
        try Picture(contentsOf: folder.appending(path: path).path)
    }

    static func bytes(base64: String) throws -> [UInt8] { [UInt8](try #require(Data(base64Encoded: base64))) }

    /// The floats that a tensor file ends with.
    static func tensor(_ url: URL, shape: [Int]) throws -> NetworkOutput {
        let data = try Data(contentsOf: url)
        let count = shape.reduce(1, *)
        try #require(data.count >= count * 4)
        let values = [Float](unsafeUninitializedCapacity: count) { out, filled in
            data.suffix(count * 4).copyBytes(to: UnsafeMutableRawBufferPointer(out))
            filled = count
        }
        return NetworkOutput(shape: shape, values: values)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ url: URL) throws -> Value {
        try JSONDecoder().decode(type, from: try Data(contentsOf: url))
    }

    /// A picture whose bytes follow from their position.
    static func pattern(width: Int, height: Int) throws -> Picture {
        let pixels = (0..<(width * height * 3)).map { (at: Int) -> UInt8 in
            let square = at * at % 101
            return UInt8((at * 37 + square * 3) % 256)
        }
        return try Picture(width: width, height: height, pixels: pixels)
    }
}
