package import WeftGraph
package import WeftProvider

/// Writes a graph in canonical form as an ONNX model, weights inside.
///
/// Value names that are missing or stand twice are made unique; inputs and outputs keep theirs.
package struct ModelWriter {
    private var names = NameTable()
    /// Operator-set versions by domain, the highest that any node is written for.
    private var opsets: [String: Int] = [:]

    /// A message has at most this many bytes by the rules of protobuf.
    private static let largest = Int(Int32.max)

    /// The bytes of a model file.
    ///
    /// Throws `.invalidInput` where the weights exceed what a protobuf file may hold.
    package static func encode(_ graph: Graph) throws(WeftError) -> [UInt8] {
        var weights = 0
        for constant in graph.constants.values {
            weights = weights &+ (constant.type.byteCount ?? 0)
            guard weights < largest - 1 << 20 else {
                throw WeftError(
                    .invalidInput,
                    "graph '\(graph.name)' has more than 2 GiB of weights: no single ONNX file holds them")
            }
        }
        var writer = ModelWriter()
        var body = WireWriter()
        try writer.write(graph, outer: nil, to: &body)
        var model = WireWriter()
        model.varint(1, Int64(irVersion))
        model.string(2, "weft")
        model.data(7, body.bytes)
        for (domain, version) in writer.opsets.sorted(by: { $0.key < $1.key }) {
            model.message(8) { opset in
                opset.string(1, domain)
                opset.varint(2, Int64(version))
            }
        }
        guard model.bytes.count < largest else {
            throw WeftError(.invalidInput, "graph '\(graph.name)' is larger than an ONNX file may be: 2 GiB")
        }
        return model.bytes
    }

    /// Old enough for every reader of these operator sets, new enough for every element type.
    private static let irVersion = 10
    /// The first version of Identity that takes sequences.
    private static let identityVersion = 14

    private init() {}

    /// `outer` has the names of a body's captures, the last of its inputs; nil for the main graph.
    private mutating func write(
        _ graph: Graph, outer: [String]?, to writer: inout WireWriter
    ) throws(WeftError) {
        let captures = graph.inputs.suffix(outer?.count ?? 0)
        let fed = graph.inputs.dropLast(captures.count)
        var local = [String](repeating: "", count: graph.values.count)
        for (value, name) in zip(captures, outer ?? []) { local[value] = name }
        for value in fed + graph.outputs + Array(graph.values.indices) where local[value].isEmpty {
            local[value] = names.unique(graph.values[value].name)
        }
        for node in graph.nodes { try write(node, local, to: &writer) }
        // What a body gives must be made in it, and each once.
        var outputs: [(name: String, value: Int)] = []
        var taken: Set<Int> = []
        for value in graph.outputs {
            let isMade = outer == nil || graph.constants[value] == nil && !captures.contains(value)
            if taken.insert(value).inserted, isMade {
                outputs.append((local[value], value))
                continue
            }
            let copy = names.unique(local[value])
            opsets[""] = max(opsets[""] ?? 1, Self.identityVersion)
            writer.message(1) { node in
                node.string(1, local[value])
                node.string(2, copy)
                node.string(4, "Identity")
            }
            outputs.append((copy, value))
        }
        writer.string(2, graph.name.isEmpty ? "graph" : graph.name)
        for (value, constant) in graph.constants.sorted(by: { $0.key < $1.key }) {
            let contents = try constant.value()
            writer.message(5) { TensorFile.write(contents, name: local[value], to: &$0) }
        }
        for value in fed { writer.message(11) { $0.port(local[value], graph.values[value]) } }
        for (name, value) in outputs { writer.message(12) { $0.port(name, graph.values[value]) } }
    }

    private mutating func write(_ node: Node, _ local: [String], to writer: inout WireWriter) throws(WeftError) {
        opsets[node.domain] = max(opsets[node.domain] ?? 1, node.version)
        var message = WireWriter()
        let inputs = node.inputs.dropLast(node.captureCount)
        let lastGiven = inputs.lastIndex { $0 != Node.absent }.map { $0 + 1 } ?? 0
        for value in inputs.prefix(lastGiven) { message.string(1, value == Node.absent ? "" : local[value]) }
        for value in node.outputs { message.string(2, value == Node.absent ? "" : local[value]) }
        if !node.name.isEmpty { message.string(3, node.name) }
        message.string(4, node.opType)
        for (name, attribute) in node.attributes.sorted(by: { $0.key < $1.key }) {
            let tensor: Value? =
                if case .tensor(let constant) = attribute { try constant.value() } else { nil }
            message.message(5) { $0.attribute(name, attribute, tensor: tensor) }
        }
        let captures = node.inputs.suffix(node.captureCount).map { local[$0] }
        for (name, body) in node.bodies.sorted(by: { $0.key < $1.key }) {
            var inner = WireWriter()
            try write(body, outer: captures, to: &inner)
            message.message(5) { field in
                field.string(1, name)
                field.data(6, inner.bytes)
                field.varint(20, Int64(AttributeProto.Kind.graph.rawValue))
            }
        }
        if !node.domain.isEmpty { message.string(7, node.domain) }
        writer.data(1, message.bytes)
    }
}

/// Names that are in use anywhere in the model: a body's must differ from those round it.
private struct NameTable {
    private var taken: Set<String> = []
    private var counter = 0

    /// The name that was wished for where nobody has it, else one like it.
    mutating func unique(_ wish: String) -> String {
        if !wish.isEmpty, taken.insert(wish).inserted { return wish }
        while true {
            counter += 1
            let name = "\(wish.isEmpty ? "value" : wish)_\(counter)"
            if taken.insert(name).inserted { return name }
        }
    }
}
