/// The type of a value in a graph.
public indirect enum ValueType: Hashable, Sendable, CustomStringConvertible {
    /// A tensor, of strings too.
    case tensor(ElementType, Shape)
    /// A list of values of one type.
    case sequence(ValueType)
    /// A value of this type, or none.
    case optional(ValueType)
    /// A map from integers or strings to values of one type.
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

    /// Bytes of a dense tensor; nil if the shape is unknown, for strings and containers, and on overflow.
    public var byteCount: Int? {
        guard case .tensor(let type, .fixed(let dimensions)) = self, type != .string,
            let count = dimensions.checkedElementCount
        else { return nil }
        return type.byteCount(count)
    }

    /// The type in words, such as `float32 [1, 3]` or `sequence of int64 [?]`.
    public var description: String {
        switch self {
        case .tensor(let type, let shape): "\(type) \(shape)"
        case .sequence(let element): "sequence of \(element)"
        case .optional(let wrapped): "optional \(wrapped)"
        case .map(let key, let value): "map from \(key) to \(value)"
        }
    }
}
