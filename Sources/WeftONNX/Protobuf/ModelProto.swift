/// The whole of an `.onnx` file. Training graphs and device configurations are skipped.
package struct ModelProto: WireMessage {
    package var irVersion: Int64?
    package var producerName = ""
    package var producerVersion = ""
    package var domain = ""
    package var modelVersion: Int64 = 0
    package var documentation = ""
    package var graph: GraphProto?
    package var opsetImports: [OperatorSetIdProto] = []
    package var metadata: [StringStringEntryProto] = []
    package var functions: [FunctionProto] = []

    package init() {}

    /// Reads a model; ranges in it are byte offsets into `bytes`.
    package init(
        parsing bytes: UnsafeRawBufferPointer, limits: WireLimits = WireLimits()
    ) throws(WireError) {
        self = try WireReader.parse(ModelProto.self, bytes, limits: limits)
    }

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: irVersion = try reader.int64(field)
        case 2: producerName = try reader.string(field)
        case 3: producerVersion = try reader.string(field)
        case 4: domain = try reader.string(field)
        case 5: modelVersion = try reader.int64(field)
        case 6: documentation = try reader.string(field)
        case 7:
            var value = graph ?? GraphProto()
            graph = nil
            try reader.merge(field, "graph", into: &value)
            graph = value
        case 8: try reader.append(field, "opset_import", to: &opsetImports)
        case 14: try reader.append(field, "metadata_props", to: &metadata)
        case 25: try reader.append(field, "functions", to: &functions)
        default: try reader.skip(field)
        }
    }
}

/// An operator that the model itself defines by a graph of others.
package struct FunctionProto: WireMessage {
    package var name = ""
    package var domain = ""
    package var overload = ""
    package var inputs: [String] = []
    package var outputs: [String] = []
    /// Attributes that a caller has to give.
    package var attributes: [String] = []
    /// Attributes that have a default.
    package var attributeDefaults: [AttributeProto] = []
    package var nodes: [NodeProto] = []
    package var opsetImports: [OperatorSetIdProto] = []

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: name = try reader.string(field)
        case 4: inputs.append(try reader.string(field))
        case 5: outputs.append(try reader.string(field))
        case 6: attributes.append(try reader.string(field))
        case 7: try reader.append(field, "node", to: &nodes)
        case 9: try reader.append(field, "opset_import", to: &opsetImports)
        case 10: domain = try reader.string(field)
        case 11: try reader.append(field, "attribute_proto", to: &attributeDefaults)
        case 13: overload = try reader.string(field)
        default: try reader.skip(field)
        }
    }
}
