import WeftGraph
import WeftProvider

/// Ends of what a small hostile file could otherwise ask for.
package struct ImportLimits: Sendable {
    /// Bodies and calls inside each other.
    package var depth = 48
    /// Nodes after inlining: nested functions can double with every level.
    package var nodes = 1_000_000
    /// Bytes that sparse tensors may take once they are dense.
    package var denseBytes = 1 << 30
    package var wire = WireLimits()

    package init() {}
}

/// Turns a model message into a graph: names into numbers, functions into nodes, old versions into the newest.
///
/// What it needs beyond the message is here; what it does is in its extensions. Used once, by one thread.
final class Importer {
    var decoder: TensorDecoder
    let functions: [FunctionKey: FunctionProto]
    let limits: ImportLimits
    let operators: OperatorSet
    var nodesLeft: Int
    private var callLabels: Set<String> = []

    private init(
        decoder: TensorDecoder, functions: [FunctionKey: FunctionProto], limits: ImportLimits, operators: OperatorSet
    ) {
        self.decoder = decoder
        self.functions = functions
        self.limits = limits
        self.operators = operators
        nodesLeft = limits.nodes
    }

    /// Reads, checks and converts a whole file.
    static func model(
        _ file: MappedFile, folder: String?, limits: ImportLimits, operators: OperatorSet
    ) throws(WeftError) -> Model {
        let proto = try parse(file, limits.wire)
        let (irVersion, graph) = try head(proto)
        let opsets = try versions(proto.opsetImports, of: "the model")
        var functions: [FunctionKey: FunctionProto] = [:]
        for function in proto.functions {
            let key = FunctionKey(
                domain: function.domain.normalDomain, name: function.name, overload: function.overload)
            guard functions.updateValue(function, forKey: key) == nil else {
                throw WeftError(.invalidModel, "function '\(key)' is defined twice")
            }
        }
        let decoder = TensorDecoder(file: file, folder: folder, denseLimit: limits.denseBytes)
        let importer = Importer(decoder: decoder, functions: functions, limits: limits, operators: operators)
        let draft = GraphDraft(name: graph.name, outer: nil, operators: operators)
        let scope = Scope(draft: draft, opsets: opsets, call: nil, isClosed: false, depth: 0)
        try importer.add(graph, to: scope)
        var metadata: [String: String] = [:]
        for entry in proto.metadata { metadata[entry.key] = entry.value }
        let producer = [proto.producerName, proto.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
        return Model(
            graph: draft.builder.build(), irVersion: irVersion, opsets: opsets, producer: producer,
            documentation: proto.documentation.isEmpty ? graph.documentation : proto.documentation, metadata: metadata)
    }

    private static func parse(_ file: MappedFile, _ limits: WireLimits) throws(WeftError) -> ModelProto {
        guard file.byteCount > 0 else { throw WeftError(.invalidModel, "the file is empty, it holds no ONNX model") }
        if file.bytes.starts(with: "version https://git-lfs".utf8) {
            throw WeftError(
                .invalidModel, "the file is a Git LFS pointer, not the model itself", hint: "run: git lfs pull")
        }
        do {
            return try ModelProto(parsing: file.bytes, limits: limits)
        } catch {
            throw WeftError(
                .invalidModel, "not a valid ONNX model: \(error)",
                hint: "the file may be truncated, or no .onnx file at all")
        }
    }

    private static func head(_ proto: ModelProto) throws(WeftError) -> (irVersion: Int, graph: GraphProto) {
        guard let version = proto.irVersion else {
            throw WeftError(.invalidModel, "not a valid ONNX model: it states no IR version (ir_version)")
        }
        guard (3...14).contains(version) else {
            throw WeftError(
                .unsupportedVersion, "the model has IR version \(version); versions 3 to 14 are supported",
                hint: "export the model again with a current version of ONNX")
        }
        guard let graph = proto.graph else {
            throw WeftError(.invalidModel, "not a valid ONNX model: it has no graph")
        }
        return (Int(version), graph)
    }

    /// Operator-set versions by domain. Throws for a version of ONNX's own domain outside 1 to 28.
    static func versions(_ imports: [OperatorSetIdProto], of owner: String) throws(WeftError) -> [String: Int] {
        var versions: [String: Int] = [:]
        for entry in imports {
            let domain = entry.domain.normalDomain
            let shown = domain.isEmpty ? "ai.onnx" : domain
            guard let version = Int32(exactly: entry.version), version > 0 else {
                throw WeftError(
                    .unsupportedVersion, "\(owner) imports version \(entry.version) of operator set \(shown)")
            }
            if domain.isEmpty, !(1...28).contains(version) {
                throw WeftError(
                    .unsupportedVersion,
                    "\(owner) uses version \(version) of operator set \(shown); versions 1 to 28 are supported",
                    hint: "export the model again for a lower opset")
            }
            if let other = versions.updateValue(Int(version), forKey: domain), other != Int(version) {
                throw WeftError(
                    .invalidModel, "\(owner) imports versions \(other) and \(version) of operator set \(shown)")
            }
        }
        return versions
    }

    /// A label for a call that no other call of the model has.
    func callLabel(_ wanted: String) -> String {
        var label = wanted
        var number = 2
        while !callLabels.insert(label).inserted {
            label = "\(wanted)#\(number)"
            number += 1
        }
        return label
    }
}

extension String {
    /// ONNX's own domain goes by two names.
    var normalDomain: String { self == "ai.onnx" ? "" : self }
}
