package import WeftGraph
package import WeftInterpreter
import WeftProvider

/// What a plan is made for: a graph, the type of every input, and the contents of those inputs whose contents count.
package struct Signature: Hashable, Sendable {
    package let graph: ObjectIdentifier
    private let bytes: [UInt8]

    /// A short name of all but the graph. It is the same in every process unless contents of large inputs count.
    package var text: String { String(StableHash(bytes).value, radix: 16) }

    /// Known values of at most this many elements are compared by contents, larger ones by identity.
    static let smallCount = 64

    package init(_ graph: Graph, _ data: [Datum]) {
        self.graph = ObjectIdentifier(graph)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count * 48)
        func append(_ number: Int) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
        for datum in data {
            switch datum {
            case .constant(let constant):
                append(constant.shape.count << 16 | Int(constant.elementType.rawValue) << 8 | 1)
                for size in constant.shape { append(size) }
                if constant.elementCount <= Self.smallCount, case .bytes(let source) = constant.payload {
                    // A source whose bytes cannot be read is compared by identity, below.
                    let copied: Void? = try? source.withBytes { raw in bytes.append(contentsOf: raw) }
                    if copied != nil { continue }
                }
                append(Int(truncatingIfNeeded: constant.id))
            case .value(.tensor(let tensor)):
                append(tensor.shape.count << 16 | Int(tensor.elementType.rawValue) << 8 | 2)
                for size in tensor.shape { append(size) }
            case .value(let value):
                let text = Array("\(value.type)".utf8)
                append(text.count << 8 | 3)
                bytes.append(contentsOf: text)
            }
        }
        self.bytes = bytes
    }
}
