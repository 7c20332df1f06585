import WeftGraph
import WeftInterpreter
import WeftProvider

/// One node with its operands, which is run to measure a device's speed.
struct Probe: Sendable {
    let view: NodeView
    /// Probes of a family differ in size only; once one takes too long, larger ones are left out.
    let family: String

    /// An input: a tensor that is filled for each probe, or a constant of numbers or of the given integers.
    enum Input {
        case tensor(ElementType, [Int])
        case weights(ElementType, [Int])
        case integers([Int])
    }

    /// A probe of the latest version of an operator; nil if the operator does not accept these inputs.
    init?(
        _ family: String, _ opType: String, _ inputs: [Input], attributes: [String: Attribute] = [:], outputs: Int = 1
    ) {
        var types: [ValueType?] = []
        var contents: [Constant?] = []
        for input in inputs {
            switch input {
            case .tensor(let type, let shape):
                types.append(.tensor(type, .fixed(shape)))
                contents.append(nil)
            case .weights(let type, let shape):
                types.append(.tensor(type, .fixed(shape)))
                guard let tensor = try? Self.numbers(type, shape) else { return nil }
                contents.append(ConstantFactory.constant(tensor))
            case .integers(let values):
                let constant = ConstantFactory.constant(ints: values)
                types.append(constant.type)
                contents.append(constant)
            }
        }
        let inputIDs = Array(inputs.indices)
        let outputIDs = (0..<outputs).map { inputs.count + $0 }
        let node = Node(
            id: 0, name: "probe", domain: "", opType: opType, version: 28, inputs: inputIDs,
            outputs: outputIDs, attributes: attributes, bodies: [:], captureCount: 0)
        guard
            let view = try? NodeResolver.resolve(
                node, inputs: types, contents: contents, id: 0, inputIDs: inputIDs, outputIDs: outputIDs)
        else { return nil }
        self.family = family
        self.view = view
    }

    /// The element type that the measured rates are for.
    var type: ElementType { view.inputType(0) ?? .float32 }

    /// A tensor filled by `fill`. Throws `.outOfMemory`.
    static func numbers(_ type: ElementType, _ shape: [Int]) throws(WeftError) -> Tensor {
        let tensor = try Tensor(uninitialized: type, shape: shape, zeroed: true)
        if let host = tensor.storage.host { fill(host, type, bytes: tensor.storage.byteCount) }
        return tensor
    }

    /// Fills memory with ordinary numbers: 0.5 in floating-point types, 1 in integers and booleans, else zero bytes.
    ///
    /// So no kernel meets NaN, denormal numbers or invalid values, which could change its speed.
    static func fill(_ target: UnsafeMutableRawPointer, _ type: ElementType, bytes: Int) {
        func repeating<Number>(_ number: Number) {
            target.bindMemory(to: Number.self, capacity: bytes / MemoryLayout<Number>.stride)
                .update(repeating: number, count: bytes / MemoryLayout<Number>.stride)
        }
        switch type {
        case .float32: repeating(Float(0.5))
        case .float64: repeating(0.5)
        case .float16: repeating(UInt16(0x3800))
        case .bfloat16: repeating(UInt16(0x3f00))
        case .int64, .uint64: repeating(Int64(1))
        case .int32, .uint32: repeating(Int32(1))
        case .int16, .uint16: repeating(Int16(1))
        case .int8, .uint8, .bool: repeating(Int8(1))
        default: target.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        }
    }
}
