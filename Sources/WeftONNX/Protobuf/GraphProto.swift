/// Nodes, the values they start from, and the values they are for.
package struct GraphProto: WireMessage {
    package var nodes: [NodeProto] = []
    package var name = ""
    package var initializers: [TensorProto] = []
    package var sparseInitializers: [SparseTensorProto] = []
    package var documentation = ""
    package var inputs: [ValueInfoProto] = []
    package var outputs: [ValueInfoProto] = []
    package var valueInfo: [ValueInfoProto] = []
    package var metadata: [StringStringEntryProto] = []

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: try reader.append(field, "node", to: &nodes)
        case 2: name = try reader.string(field)
        case 5: try reader.append(field, "initializer", to: &initializers)
        case 10: documentation = try reader.string(field)
        case 11: try reader.append(field, "input", to: &inputs)
        case 12: try reader.append(field, "output", to: &outputs)
        case 13: try reader.append(field, "value_info", to: &valueInfo)
        case 15: try reader.append(field, "sparse_initializer", to: &sparseInitializers)
        case 16: try reader.append(field, "metadata_props", to: &metadata)
        default: try reader.skip(field)
        }
    }
}
