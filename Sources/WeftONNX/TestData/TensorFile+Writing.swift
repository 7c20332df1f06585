package import WeftProvider

extension TensorFile {
    /// A value as the bytes of a `.pb` file, of the message kind that its type asks for.
    package static func encode(_ value: Value, name: String = "") -> [UInt8] {
        var writer = WireWriter()
        write(value, name: name, to: &writer)
        return writer.bytes
    }

    /// Appends a value's fields to the message that `writer` is making.
    static func write(_ value: Value, name: String, to writer: inout WireWriter) {
        switch value {
        case .tensor(let tensor):
            writer.packedVarints(1, tensor.shape.map { Int64($0) })
            writer.varint(2, Int64(tensor.elementType.rawValue))
            if !name.isEmpty { writer.string(8, name) }
            writer.data(9, tensor.storage.bytes)
        case .strings(let strings):
            writer.packedVarints(1, strings.shape.map { Int64($0) })
            writer.varint(2, Int64(ElementType.string.rawValue))
            for element in strings.elements { writer.string(6, element) }
            if !name.isEmpty { writer.string(8, name) }
        case .sequence(let values, of: let element):
            let kind = element.contentKind
            if !name.isEmpty { writer.string(1, name) }
            writer.varint(2, Int64(kind.rawValue))
            for value in values { writer.message(kind.sequenceField) { write(value, name: "", to: &$0) } }
        case .optional(let content, of: let wrapped):
            let kind = wrapped.contentKind
            if !name.isEmpty { writer.string(1, name) }
            writer.varint(2, Int64(kind.rawValue))
            if let content { writer.message(kind.sequenceField) { write(content, name: "", to: &$0) } }
        case .map(let keys, let values):
            if !name.isEmpty { writer.string(1, name) }
            writer.varint(2, Int64((keys.type.elementType ?? .int64).rawValue))
            writeKeys(keys, to: &writer)
            let sequence = Value.sequence(values, of: values.first?.type ?? .tensor(.float32, .unknown))
            writer.message(5) { write(sequence, name: "", to: &$0) }
        }
    }

    private static func writeKeys(_ keys: Value, to writer: inout WireWriter) {
        switch keys {
        case .strings(let strings):
            for key in strings.elements { writer.string(4, key) }
        case .tensor(let tensor):
            let width = tensor.elementType.byteWidth
            let bytes = tensor.storage.bytes
            for start in stride(from: 0, to: bytes.count - width + 1, by: max(width, 1)) {
                var word: UInt64 = 0
                for byte in 0..<width { word |= UInt64(bytes[start + byte]) << UInt64(8 * byte) }
                let shift = UInt64(64 - 8 * width)
                let isSigned = tensor.elementType.isSignedInteger
                writer.varint(3, isSigned ? Int64(bitPattern: word << shift) >> Int64(shift) : Int64(bitPattern: word))
            }
        default: break
        }
    }
}

extension ValueType {
    fileprivate var contentKind: ContentKind {
        switch self {
        case .tensor: .tensor
        case .sequence: .sequence
        case .map: .map
        case .optional: .optional
        }
    }
}

extension ContentKind {
    /// The field of values of this kind, the same in sequences and optionals.
    fileprivate var sequenceField: Int {
        switch self {
        case .tensor, .undefined: 3
        case .sparseTensor: 4
        case .sequence: 5
        case .map: 6
        case .optional: 7
        }
    }
}
