/// One operator call. Its documentation and metadata are skipped: exporters put whole stack traces there.
package struct NodeProto: WireMessage {
    package var inputs: [String] = []
    package var outputs: [String] = []
    package var name = ""
    package var opType = ""
    package var domain = ""
    package var overload = ""
    package var attributes: [AttributeProto] = []

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: inputs.append(try reader.string(field))
        case 2: outputs.append(try reader.string(field))
        case 3: name = try reader.string(field)
        case 4: opType = try reader.string(field)
        case 5: try reader.append(field, "attribute", to: &attributes)
        case 7: domain = try reader.string(field)
        case 8: overload = try reader.string(field)
        default: try reader.skip(field)
        }
    }
}

/// A named attribute of any kind, or a reference to an attribute of the function round it.
///
/// Strings are ranges of the file: they are bytes by the standard, and only some of them UTF-8.
package struct AttributeProto: WireMessage {
    package enum Kind: Int32, Sendable {
        case undefined = 0
        case float = 1, int, string, tensor, graph, floats, ints, strings, tensors, graphs
        case sparseTensor = 11, sparseTensors, type, types
    }

    package var name = ""
    package var reference = ""
    /// What the attribute says it is; nil for a number that the standard does not know. Old files say nothing, and
    /// then it is the kind of the field that is there.
    package var kind: Kind? = .undefined
    package var float: Float = 0
    package var int: Int64 = 0
    package var string = 0..<0
    package var tensor = Boxed<TensorProto>.none
    package var graph = Boxed<GraphProto>.none
    package var sparseTensor = Boxed<SparseTensorProto>.none
    package var type = Boxed<TypeProto>.none
    package var floats: [Float] = []
    package var ints: [Int64] = []
    package var strings: [Range<Int>] = []
    package var tensors: [TensorProto] = []
    package var graphs: [GraphProto] = []
    package var sparseTensors: [SparseTensorProto] = []
    package var types: [TypeProto] = []

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        if kind == .undefined, let found = Self.kinds[field.number] { kind = found }
        switch field.number {
        case 1: name = try reader.string(field)
        case 2: float = try reader.float(field)
        case 3: int = try reader.int64(field)
        case 4: string = try reader.range(field)
        case 5: try Self.merge(field, "t", &tensor, from: &reader)
        case 6: try Self.merge(field, "g", &graph, from: &reader)
        case 7: try reader.append(field, to: &floats)
        case 8: try reader.append(field, to: &ints)
        case 9: strings.append(try reader.range(field))
        case 10: try reader.append(field, "tensors", to: &tensors)
        case 11: try reader.append(field, "graphs", to: &graphs)
        case 14: try Self.merge(field, "tp", &type, from: &reader)
        case 15: try reader.append(field, "type_protos", to: &types)
        case 20: kind = Kind(rawValue: try reader.int32(field))
        case 21: reference = try reader.string(field)
        case 22: try Self.merge(field, "sparse_tensor", &sparseTensor, from: &reader)
        case 23: try reader.append(field, "sparse_tensors", to: &sparseTensors)
        default: try reader.skip(field)
        }
    }

    private static let kinds: [Int: Kind] = [
        2: .float, 3: .int, 4: .string, 5: .tensor, 6: .graph, 7: .floats, 8: .ints, 9: .strings, 10: .tensors,
        11: .graphs, 14: .type, 15: .types, 22: .sparseTensor, 23: .sparseTensors,
    ]

    private static func merge<Message: WireMessage>(
        _ field: WireField, _ name: StaticString, _ box: inout Boxed<Message>, from reader: inout WireReader
    ) throws(WireError) {
        var message = box.value ?? Message()
        box = .none
        try reader.merge(field, name, into: &message)
        box = .some(message)
    }
}
