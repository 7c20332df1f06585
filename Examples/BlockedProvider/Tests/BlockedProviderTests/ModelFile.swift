import Foundation
import Weft

/// An ONNX model as bytes, written field by field: what these tests need and no more.
struct ModelFile {
    private var graph = Message()

    /// Operator sets that the model imports beside ONNX's own, version 20.
    var domains: [String: Int] = ["com.example": 2]

    mutating func input(_ name: String, _ shape: [Int], type: ElementType = .float32) {
        graph.message(11, Self.port(name, shape, type))
    }

    mutating func output(_ name: String, _ shape: [Int]?, type: ElementType = .float32) {
        graph.message(12, Self.port(name, shape, type))
    }

    mutating func node(
        _ opType: String, domain: String = "", _ inputs: [String], _ outputs: [String], name: String,
        floats: [String: Float] = [:], ints: [String: [Int]] = [:]
    ) {
        var node = Message()
        for input in inputs { node.text(1, input) }
        for output in outputs { node.text(2, output) }
        node.text(3, name)
        node.text(4, opType)
        for (name, value) in floats.sorted(by: { $0.key < $1.key }) {
            var attribute = Message()
            attribute.text(1, name)
            attribute.float(2, value)
            attribute.varint(20, 1)
            node.message(5, attribute)
        }
        for (name, values) in ints.sorted(by: { $0.key < $1.key }) {
            var attribute = Message()
            attribute.text(1, name)
            for value in values { attribute.varint(8, UInt64(bitPattern: Int64(value))) }
            attribute.varint(20, 7)
            node.message(5, attribute)
        }
        if !domain.isEmpty { node.text(7, domain) }
        graph.message(1, node)
    }

    mutating func constant(_ name: String, _ numbers: [Float], shape: [Int]) {
        let bytes = numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> ($0 * 8)) }
        }
        constant(name, bytes, .float32, shape)
    }

    mutating func constant(_ name: String, integers numbers: [Int64], shape: [Int]) {
        let bytes = numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (Int64($0) * 8)) } }
        constant(name, bytes, .int64, shape)
    }

    private mutating func constant(_ name: String, _ bytes: [UInt8], _ type: ElementType, _ shape: [Int]) {
        var tensor = Message()
        for size in shape { tensor.varint(1, UInt64(size)) }
        tensor.varint(2, UInt64(type.rawValue))
        tensor.text(8, name)
        tensor.bytes(9, bytes)
        graph.message(5, tensor)
    }

    var bytes: [UInt8] {
        var model = Message()
        model.varint(1, 10)
        for (domain, version) in [("", 20)] + domains.sorted(by: { $0.key < $1.key }) {
            var opset = Message()
            opset.text(1, domain)
            opset.varint(2, UInt64(version))
            model.message(8, opset)
        }
        var named = graph
        named.text(2, "example")
        model.message(7, named)
        return model.data
    }

    /// The model as a file for as long as `body` runs.
    func withFile<R>(_ body: (String) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("blocked-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("model.onnx")
        try Data(bytes).write(to: file)
        return try body(file.path)
    }

    private static func port(_ name: String, _ shape: [Int]?, _ type: ElementType) -> Message {
        var tensor = Message()
        tensor.varint(1, UInt64(type.rawValue))
        if let shape {
            var dimensions = Message()
            for size in shape {
                var dimension = Message()
                dimension.varint(1, UInt64(size))
                dimensions.message(1, dimension)
            }
            tensor.message(2, dimensions)
        }
        var kind = Message()
        kind.message(1, tensor)
        var port = Message()
        port.text(1, name)
        port.message(2, kind)
        return port
    }

    /// A protobuf message as it grows.
    private struct Message {
        private(set) var data: [UInt8] = []

        private mutating func raw(_ value: UInt64) {
            var rest = value
            while rest >= 0x80 {
                data.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            data.append(UInt8(rest))
        }

        mutating func varint(_ field: UInt64, _ value: UInt64) {
            raw(field << 3)
            raw(value)
        }

        mutating func float(_ field: UInt64, _ value: Float) {
            raw(field << 3 | 5)
            for index in 0..<4 { data.append(UInt8(truncatingIfNeeded: value.bitPattern >> (index * 8))) }
        }

        mutating func bytes(_ field: UInt64, _ value: [UInt8]) {
            raw(field << 3 | 2)
            raw(UInt64(value.count))
            data += value
        }

        mutating func text(_ field: UInt64, _ value: String) { bytes(field, Array(value.utf8)) }
        mutating func message(_ field: UInt64, _ value: Message) { bytes(field, value.data) }
    }
}

/// Numbers that look random and are the same every time.
func noise(_ count: Int, _ seed: Int = 1) -> [Float] {
    (0..<count).map { Float(($0 * 37 + seed * 11) % 97) / 97 - 0.5 }
}

func isClose(_ got: [Float], _ want: [Float], _ tolerance: Float = 1e-4) -> Bool {
    got.count == want.count && zip(got, want).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}
