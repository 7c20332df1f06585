/// A run-time value that owns its memory: a model's inputs and outputs, and whatever has no fixed size.
public indirect enum Value: Sendable {
    case tensor(Tensor)
    case strings(StringTensor)
    case sequence([Value], of: ValueType)
    case optional(Value?, of: ValueType)
    case map(keys: Value, values: [Value])

    /// The tensor, if it is a numeric one.
    public var tensor: Tensor? {
        if case .tensor(let tensor) = self { return tensor }
        return nil
    }

    /// The dimensions of a numeric or string tensor; nil for containers.
    public var shape: [Int]? {
        switch self {
        case .tensor(let tensor): tensor.shape
        case .strings(let strings): strings.shape
        default: nil
        }
    }

    public var type: ValueType {
        switch self {
        case .tensor(let tensor): .tensor(tensor.elementType, .fixed(tensor.shape))
        case .strings(let strings): .tensor(.string, .fixed(strings.shape))
        case .sequence(_, let element): .sequence(element)
        case .optional(_, let wrapped): .optional(wrapped)
        case .map(let keys, let values):
            .map(key: keys.type.elementType ?? .int64, value: values.first?.type ?? .tensor(.float32, .unknown))
        }
    }
}

/// A dense, row-major tensor of strings.
public struct StringTensor: Sendable, Hashable {
    public let shape: [Int]
    public let elements: [String]

    public init(_ elements: [String], shape: [Int]) {
        self.elements = elements
        self.shape = shape
    }
}
