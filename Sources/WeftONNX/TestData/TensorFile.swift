package import WeftProvider

/// Reads and writes the `.pb` files of test data: one value each, its kind known only from where it belongs.
package enum TensorFile {
    /// Reads a file as a value of `type`, or as a tensor where that is nil. The name is the one in the file.
    ///
    /// Throws `.unreadableFile`, or `.invalidInput` for contents that are no such value.
    package static func read(_ path: String, as type: ValueType? = nil) throws(WeftError) -> (
        name: String, value: Value
    ) {
        do {
            return try read(MappedFile(path: path), as: type)
        } catch {
            throw error.at(file: path)
        }
    }

    /// Reads a value from bytes in memory.
    package static func read(_ bytes: [UInt8], as type: ValueType? = nil) throws(WeftError) -> (
        name: String, value: Value
    ) {
        try read(MappedFile(bytes: bytes), as: type)
    }

    private static func read(_ file: MappedFile, as type: ValueType?) throws(WeftError) -> (name: String, value: Value)
    {
        var reader = ValueReader(file)
        switch type {
        case .sequence:
            let proto = try message(SequenceProto.self, file)
            return (proto.name, try reader.value(proto, type))
        case .optional:
            let proto = try message(OptionalProto.self, file)
            return (proto.name, try reader.value(proto, type))
        case .map:
            let proto = try message(MapProto.self, file)
            return (proto.name, try reader.value(proto))
        case .tensor, nil:
            let proto = try message(TensorProto.self, file)
            return (proto.name, try reader.value(proto))
        }
    }

    private static func message<Message: WireMessage>(
        _ type: Message.Type, _ file: MappedFile
    ) throws(WeftError) -> Message {
        do {
            return try WireReader.parse(type, file.bytes)
        } catch {
            throw WeftError(.invalidInput, "not a test data file of the declared type: \(error)")
        }
    }
}

/// Turns the messages of test data into values.
private struct ValueReader {
    private let file: MappedFile
    private var decoder: TensorDecoder

    init(_ file: MappedFile) {
        self.file = file
        decoder = TensorDecoder(file: file, folder: nil, denseLimit: ImportLimits().denseBytes)
    }

    mutating func value(_ proto: TensorProto) throws(WeftError) -> Value { try decoder.constant(proto).value() }

    /// `type` is the declared one, which says what an empty sequence is of.
    mutating func value(_ proto: SequenceProto, _ type: ValueType?) throws(WeftError) -> Value {
        var declared: ValueType?
        if case .sequence(let element) = type { declared = element }
        var values: [Value] = []
        switch proto.kind {
        case .tensor: for tensor in proto.tensors { values.append(try value(tensor)) }
        case .sparseTensor:
            for tensor in proto.sparseTensors { values.append(try decoder.constant(tensor).value()) }
        case .sequence: for sequence in proto.sequences { values.append(try value(sequence, declared)) }
        case .map: for map in proto.maps { values.append(try value(map)) }
        case .optional: for optional in proto.optionals { values.append(try value(optional, declared)) }
        case .undefined: break
        case nil: throw WeftError(.invalidInput, "sequence '\(proto.name)' is of a kind that ONNX does not have")
        }
        return .sequence(values, of: declared ?? values.first?.type ?? .tensor(.float32, .unknown))
    }

    mutating func value(_ proto: OptionalProto, _ type: ValueType?) throws(WeftError) -> Value {
        var declared: ValueType?
        if case .optional(let wrapped) = type { declared = wrapped }
        let content: Value?
        switch proto.content {
        case .none: content = nil
        case .tensor(let tensor): content = try value(tensor)
        case .sparseTensor(let tensor): content = try decoder.constant(tensor).value()
        case .sequence(let sequence): content = try value(sequence, declared)
        case .map(let map): content = try value(map)
        case .optional(let optional): content = try value(optional, declared)
        }
        return .optional(content, of: declared ?? content?.type ?? .tensor(.float32, .unknown))
    }

    mutating func value(_ proto: MapProto) throws(WeftError) -> Value {
        let label = "map '\(proto.name)'"
        guard let type = UInt8(exactly: proto.keyType).flatMap(ElementType.init(rawValue:)),
            type == .string || type.isInteger && type.bitWidth >= 8
        else { throw WeftError(.invalidInput, "\(label) has keys of type \(proto.keyType)") }
        let keys: Value
        let count: Int
        if type == .string {
            var strings: [String] = []
            for range in proto.stringKeys { strings.append(try decoder.text(range, of: "a key of \(label)")) }
            count = strings.count
            keys = .strings(StringTensor(strings, shape: [count]))
        } else {
            count = proto.keys.count
            keys = .tensor(try integers(proto.keys, type))
        }
        var values: [Value] = []
        if let sequence = proto.values.value, case .sequence(let elements, _) = try value(sequence, nil) {
            values = elements
        }
        guard values.count == count else {
            throw WeftError(.invalidInput, "\(label) has \(count) keys and \(values.count) values")
        }
        return .map(keys: keys, values: values)
    }

    private func integers(_ values: [Int64], _ type: ElementType) throws(WeftError) -> Tensor {
        let tensor = try Tensor(uninitialized: type, shape: [values.count])
        let target = UnsafeMutableRawBufferPointer(start: tensor.storage.host, count: tensor.storage.byteCount)
        let width = type.byteWidth
        for (index, value) in values.enumerated() {
            withUnsafeBytes(of: value.littleEndian) { bytes in
                for byte in 0..<width { target[index * width + byte] = bytes[byte] }
            }
        }
        return tensor
    }
}
