@testable import WeftONNX

/// Models and tensors as wire bytes, written field by field: also such as no exporter would write.
enum ModelBytes {
    /// A model of one graph; `graph` writes the graph's fields, `more` further ones of the model.
    static func model(
        ir: Int64? = 10, opset: Int64? = 20, more: (inout WireWriter) -> Void = { _ in },
        graph: (inout WireWriter) -> Void
    ) -> [UInt8] {
        var writer = WireWriter()
        if let ir { writer.varint(1, ir) }
        if let opset { writer.opset("", opset) }
        more(&writer)
        writer.message(7, graph)
        return writer.bytes
    }
}

extension WireWriter {
    mutating func opset(_ domain: String, _ version: Int64) {
        message(8) {
            $0.string(1, domain)
            $0.varint(2, version)
        }
    }

    mutating func input(_ name: String, type: Int64 = 1, shape: [Int64] = [2]) { valueInfo(11, name, type, shape) }
    mutating func output(_ name: String, type: Int64 = 1, shape: [Int64] = [2]) { valueInfo(12, name, type, shape) }

    private mutating func valueInfo(_ field: Int, _ name: String, _ type: Int64, _ shape: [Int64]) {
        message(field) {
            $0.string(1, name)
            $0.message(2) {
                $0.message(1) {
                    $0.varint(1, type)
                    $0.message(2) { for size in shape { $0.message(1) { $0.varint(1, size) } } }
                }
            }
        }
    }

    mutating func node(
        _ opType: String, _ inputs: [String], _ outputs: [String], name: String = "", domain: String = "",
        field: Int = 1, attributes: (inout WireWriter) -> Void = { _ in }
    ) {
        message(field) {
            for input in inputs { $0.string(1, input) }
            for output in outputs { $0.string(2, output) }
            if !name.isEmpty { $0.string(3, name) }
            $0.string(4, opType)
            if !domain.isEmpty { $0.string(7, domain) }
            attributes(&$0)
        }
    }

    /// A graph attribute of a node.
    mutating func body(_ name: String, _ graph: (inout WireWriter) -> Void) {
        message(5) {
            $0.string(1, name)
            $0.varint(20, 5)
            $0.message(6, graph)
        }
    }

    /// An initializer; `content` writes its data.
    mutating func tensor(
        _ name: String, type: Int64 = 1, dims: [Int64] = [2], _ content: (inout WireWriter) -> Void
    ) {
        message(5) {
            $0.packedVarints(1, dims)
            $0.varint(2, type)
            $0.string(8, name)
            content(&$0)
        }
    }

    mutating func external(_ entries: [(String, String)]) {
        for (key, value) in entries {
            message(13) {
                $0.string(1, key)
                $0.string(2, value)
            }
        }
        varint(14, 1)
    }

    mutating func function(
        _ name: String, inputs: [String], outputs: [String], domain: String = "local",
        _ nodes: (inout WireWriter) -> Void
    ) {
        message(25) {
            $0.string(1, name)
            for input in inputs { $0.string(4, input) }
            for output in outputs { $0.string(5, output) }
            nodes(&$0)
            $0.message(9) { $0.varint(2, 20) }
            $0.string(10, domain)
        }
    }
}
