/// What the elements of a sequence, or the content of an optional, are.
package enum ContentKind: Int32, Sendable {
    case undefined = 0, tensor, sparseTensor, sequence, map, optional
}

/// A list of values of one kind, as test data files hold it.
package struct SequenceProto: WireMessage {
    package var name = ""
    /// Nil for a number that the standard does not know.
    package var kind: ContentKind? = .undefined
    package var tensors: [TensorProto] = []
    package var sparseTensors: [SparseTensorProto] = []
    package var sequences: [SequenceProto] = []
    package var maps: [MapProto] = []
    package var optionals: [OptionalProto] = []

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: name = try reader.string(field)
        case 2: kind = ContentKind(rawValue: try reader.int32(field))
        case 3: try reader.append(field, "tensor_values", to: &tensors)
        case 4: try reader.append(field, "sparse_tensor_values", to: &sparseTensors)
        case 5: try reader.append(field, "sequence_values", to: &sequences)
        case 6: try reader.append(field, "map_values", to: &maps)
        case 7: try reader.append(field, "optional_values", to: &optionals)
        default: try reader.skip(field)
        }
    }
}

/// Keys, integer or string, and as many values.
package struct MapProto: WireMessage {
    package var name = ""
    package var keyType: Int32 = 0
    package var keys: [Int64] = []
    package var stringKeys: [Range<Int>] = []
    package var values = Boxed<SequenceProto>.none

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: name = try reader.string(field)
        case 2: keyType = try reader.int32(field)
        case 3: try reader.append(field, to: &keys)
        case 4: stringKeys.append(try reader.range(field))
        case 5:
            var sequence = values.value ?? SequenceProto()
            values = .none
            try reader.merge(field, "values", into: &sequence)
            values = .some(sequence)
        default: try reader.skip(field)
        }
    }
}

/// A value or nothing: an element type without content is nothing.
package struct OptionalProto: WireMessage {
    package indirect enum Content {
        case none
        case tensor(TensorProto)
        case sparseTensor(SparseTensorProto)
        case sequence(SequenceProto)
        case map(MapProto)
        case optional(OptionalProto)
    }

    package var name = ""
    /// Nil for a number that the standard does not know.
    package var kind: ContentKind? = .undefined
    package var content = Content.none

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: name = try reader.string(field)
        case 2: kind = ContentKind(rawValue: try reader.int32(field))
        case 3: content = .tensor(try Self.message(field, "tensor_value", &reader))
        case 4: content = .sparseTensor(try Self.message(field, "sparse_tensor_value", &reader))
        case 5: content = .sequence(try Self.message(field, "sequence_value", &reader))
        case 6: content = .map(try Self.message(field, "map_value", &reader))
        case 7: content = .optional(try Self.message(field, "optional_value", &reader))
        default: try reader.skip(field)
        }
    }

    private static func message<Message: WireMessage>(
        _ field: WireField, _ name: StaticString, _ reader: inout WireReader
    ) throws(WireError) -> Message {
        var message = Message()
        try reader.merge(field, name, into: &message)
        return message
    }
}
