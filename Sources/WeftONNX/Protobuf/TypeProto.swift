/// The declared type of a value.
package struct TypeProto: WireMessage {
    package indirect enum Kind {
        case undefined
        /// `shape` is nil where even the rank is unknown.
        case tensor(elementType: Int32, shape: [TensorShapeProto.Dimension]?)
        case sparseTensor(elementType: Int32, shape: [TensorShapeProto.Dimension]?)
        case sequence(TypeProto)
        case optional(TypeProto)
        case map(keyType: Int32, value: TypeProto)
        case opaque
    }

    package var kind = Kind.undefined

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1:
            var tensor = TensorType()
            try reader.merge(field, "tensor_type", into: &tensor)
            kind = .tensor(elementType: tensor.elementType, shape: tensor.shape?.dimensions)
        case 4:
            var sequence = ElementOf()
            try reader.merge(field, "sequence_type", into: &sequence)
            kind = .sequence(sequence.element)
        case 5:
            var map = MapType()
            try reader.merge(field, "map_type", into: &map)
            kind = .map(keyType: map.keyType, value: map.value)
        case 7:
            _ = try reader.range(field)
            kind = .opaque
        case 8:
            var tensor = TensorType()
            try reader.merge(field, "sparse_tensor_type", into: &tensor)
            kind = .sparseTensor(elementType: tensor.elementType, shape: tensor.shape?.dimensions)
        case 9:
            var optional = ElementOf()
            try reader.merge(field, "optional_type", into: &optional)
            kind = .optional(optional.element)
        default: try reader.skip(field)
        }
    }

    private struct TensorType: WireMessage {
        var elementType: Int32 = 0
        var shape: TensorShapeProto?

        mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
            switch field.number {
            case 1: elementType = try reader.int32(field)
            case 2:
                var value = shape ?? TensorShapeProto()
                shape = nil
                try reader.merge(field, "shape", into: &value)
                shape = value
            default: try reader.skip(field)
            }
        }
    }

    private struct ElementOf: WireMessage {
        var element = TypeProto()

        mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
            switch field.number {
            case 1: try reader.merge(field, "elem_type", into: &element)
            default: try reader.skip(field)
            }
        }
    }

    private struct MapType: WireMessage {
        var keyType: Int32 = 0
        var value = TypeProto()

        mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
            switch field.number {
            case 1: keyType = try reader.int32(field)
            case 2: try reader.merge(field, "value_type", into: &value)
            default: try reader.skip(field)
            }
        }
    }
}

/// The declared dimensions of a tensor; none at all is a scalar.
package struct TensorShapeProto: WireMessage {
    package enum Dimension: Equatable, Sendable {
        case unknown
        case value(Int64)
        case parameter(String)
    }

    package var dimensions: [Dimension] = []

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1:
            var message = DimensionMessage()
            try reader.merge(field, "dim", dimensions.count, into: &message)
            dimensions.append(message.dimension)
        default: try reader.skip(field)
        }
    }

    private struct DimensionMessage: WireMessage {
        var dimension = Dimension.unknown

        mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
            switch field.number {
            case 1: dimension = .value(try reader.int64(field))
            case 2:
                let name = try reader.string(field)
                dimension = name.isEmpty ? .unknown : .parameter(name)
            default: try reader.skip(field)
            }
        }
    }
}

/// The name and declared type of a graph's input, output or inner value.
package struct ValueInfoProto: WireMessage {
    package var name = ""
    package var type = TypeProto()
    package var documentation = ""

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: name = try reader.string(field)
        case 2: try reader.merge(field, "type", into: &type)
        case 3: documentation = try reader.string(field)
        default: try reader.skip(field)
        }
    }
}
