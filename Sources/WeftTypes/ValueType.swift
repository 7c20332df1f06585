/// The type of a value in a graph.
public indirect enum ValueType: Hashable, Sendable, CustomStringConvertible {
    case tensor(ElementType, Shape)
    case sequence(ValueType)
    case optional(ValueType)
    case map(key: ElementType, value: ValueType)

    /// The element type of a tensor; nil for other kinds.
    public var elementType: ElementType? {
        if case .tensor(let type, _) = self { return type }
        return nil
    }

    /// The dimensions of a tensor whose shape is known; nil otherwise.
    public var dimensions: [Int]? {
        if case .tensor(_, let shape) = self { return shape.dimensions }
        return nil
    }

    /// Bytes of a dense tensor of known shape and fixed element size; nil otherwise.
    public var byteCount: Int? {
        guard case .tensor(let type, .fixed(let dimensions)) = self, type != .string,
            let count = dimensions.checkedElementCount
        else { return nil }
        return type.byteCount(count)
    }

    public var description: String {
        switch self {
        case .tensor(let type, let shape): "\(type) \(shape)"
        case .sequence(let element): "sequence of \(element)"
        case .optional(let wrapped): "optional \(wrapped)"
        case .map(let key, let value): "map from \(key) to \(value)"
        }
    }
}
