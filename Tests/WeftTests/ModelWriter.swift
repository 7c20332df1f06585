import Weft

/// An ONNX model as bytes, written field by field: what these tests need and no more.
struct ModelWriter {
    private var graph = Message()

    mutating func input(_ name: String, _ dimensions: [Dimension], type: ElementType = .float32) {
        graph.message(11, Self.value(name, dimensions, type))
    }

    mutating func output(_ name: String, _ dimensions: [Dimension], type: ElementType = .float32) {
        graph.message(12, Self.value(name, dimensions, type))
    }

    mutating func node(_ opType: String, _ inputs: [String], _ outputs: [String], name: String = "") {
        var node = Message()
        for input in inputs { node.text(1, input) }
        for output in outputs { node.text(2, output) }
        node.text(3, name)
        node.text(4, opType)
        graph.message(1, node)
    }

    mutating func weights(_ name: String, _ numbers: [Float], shape: [Int]) {
        var tensor = Message()
        for size in shape { tensor.varint(1, UInt64(size)) }
        tensor.varint(2, UInt64(ElementType.float32.rawValue))
        tensor.text(8, name)
        tensor.bytes(
            9, numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> ($0 * 8)) } })
        graph.message(5, tensor)
    }

    /// The model, of IR version 10 and operator set 20.
    var bytes: [UInt8] {
        var model = Message()
        model.varint(1, 10)
        var opset = Message()
        opset.varint(2, 20)
        model.message(8, opset)
        model.message(7, graph)
        return model.data
    }

    private static func value(_ name: String, _ dimensions: [Dimension], _ type: ElementType) -> Message {
        var shape = Message()
        for dimension in dimensions {
            var field = Message()
            switch dimension {
            case .fixed(let size): field.varint(1, UInt64(size))
            case .symbol(let name): field.text(2, name)
            case .unknown: break
            }
            shape.message(1, field)
        }
        var (tensor, kind, value) = (Message(), Message(), Message())
        tensor.varint(1, UInt64(type.rawValue))
        tensor.message(2, shape)
        kind.message(1, tensor)
        value.text(1, name)
        value.message(2, kind)
        return value
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

        mutating func bytes(_ field: UInt64, _ value: [UInt8]) {
            raw(field << 3 | 2)
            raw(UInt64(value.count))
            data += value
        }

        mutating func text(_ field: UInt64, _ value: String) { bytes(field, Array(value.utf8)) }
        mutating func message(_ field: UInt64, _ value: Message) { bytes(field, value.data) }
    }
}

extension ModelWriter {
    /// y = sigmoid(relu(x)), nodes `first` and `second`; `m` is what lies between.
    static func pair(_ shape: [Dimension] = [.fixed(2), .fixed(3)], type: ElementType = .float32) -> [UInt8] {
        var model = ModelWriter()
        model.input("x", shape, type: type)
        model.node("Relu", ["x"], ["m"], name: "first")
        model.node("Sigmoid", ["m"], ["y"], name: "second")
        model.output("y", shape, type: type)
        model.output("m", shape, type: type)
        return model.bytes
    }

    /// Three layers of 48 neurons over any number of rows, and the sum of two inputs before them.
    static func layers() -> [UInt8] {
        var model = ModelWriter()
        let width = 48
        model.input("a", [.symbol("rows"), .fixed(width)])
        model.input("b", [.symbol("rows"), .fixed(width)])
        model.node("Add", ["a", "b"], ["h0"], name: "sum")
        for layer in 0..<3 {
            let weights = (0..<width * width).map { Float(($0 * 37 + layer * 11) % 97) / 97 - 0.5 }
            model.weights("w\(layer)", weights, shape: [width, width])
            model.node("MatMul", ["h\(layer)", "w\(layer)"], ["p\(layer)"], name: "product\(layer)")
            model.node("Tanh", ["p\(layer)"], ["h\(layer + 1)"], name: "bend\(layer)")
        }
        model.output("h3", [.symbol("rows"), .fixed(width)])
        return model.bytes
    }
}
