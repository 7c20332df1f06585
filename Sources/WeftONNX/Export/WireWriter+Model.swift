import WeftGraph
import WeftProvider

extension WireWriter {
    /// The fields of a ValueInfoProto: a name, and what is declared of its type.
    mutating func port(_ name: String, _ value: GraphValue) {
        string(1, name)
        guard let type = value.type else { return }
        message(2) { $0.type(type, dimensions: value.dimensions) }
    }

    /// The fields of a TypeProto. `dimensions` are the declared ones of a tensor, symbols included.
    mutating func type(_ type: ValueType, dimensions: [Dimension]? = nil) {
        switch type {
        case .tensor(let element, let shape):
            let sizes = dimensions ?? shape.dimensions?.map { .fixed($0) }
            message(1) { tensor in
                tensor.varint(1, Int64(element.rawValue))
                guard let sizes else { return }
                tensor.message(2) { shape in
                    for size in sizes { shape.message(1) { $0.dimension(size) } }
                }
            }
        case .sequence(let element): message(4) { $0.message(1) { $0.type(element) } }
        case .map(let key, let value):
            message(5) { map in
                map.varint(1, Int64(key.rawValue))
                map.message(2) { $0.type(value) }
            }
        case .optional(let wrapped): message(9) { $0.message(1) { $0.type(wrapped) } }
        }
    }

    private mutating func dimension(_ dimension: Dimension) {
        switch dimension {
        case .fixed(let size): varint(1, Int64(size))
        case .symbol(let name): string(2, name)
        case .unknown: break
        }
    }

    /// The fields of an AttributeProto; `tensor` is the value of one that holds a tensor.
    mutating func attribute(_ name: String, _ attribute: Attribute, tensor: Value?) {
        string(1, name)
        let kind: AttributeProto.Kind
        switch attribute {
        case .float(let value):
            fixed32(2, value.bitPattern)
            kind = .float
        case .int(let value):
            varint(3, value)
            kind = .int
        case .string(let value):
            string(4, value)
            kind = .string
        case .floats(let values):
            for value in values { fixed32(7, value.bitPattern) }
            kind = .floats
        case .ints(let values):
            for value in values { varint(8, value) }
            kind = .ints
        case .strings(let values):
            for value in values { string(9, value) }
            kind = .strings
        case .tensor:
            if let tensor { message(5) { TensorFile.write(tensor, name: "", to: &$0) } }
            kind = .tensor
        case .type(let type):
            message(14) { $0.type(type) }
            kind = .type
        }
        varint(20, Int64(kind.rawValue))
    }
}
