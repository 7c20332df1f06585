/// A value at run time, with memory of its own.
///
/// These are a model's inputs and outputs, and inside a run the values that have no fixed size.
public indirect enum Value: Sendable {
    /// A tensor of any element type but strings.
    case tensor(Tensor)
    /// A tensor of strings.
    case strings(StringTensor)
    /// A list of values, with the type of its elements, which an empty list has too.
    case sequence([Value], of: ValueType)
    /// A value or none, with the type that the value has or would have.
    case optional(Value?, of: ValueType)
    /// An ONNX map: a tensor of keys, and the value of each.
    case map(keys: Value, values: [Value])

    /// The tensor; nil for strings and containers.
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

    /// The type, with the actual shape.
    ///
    /// A map does not record its types: its keys count as int64 where they are no tensor, the values of an empty map as
    /// float32 tensors of unknown shape.
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
    /// The size of each dimension.
    public let shape: [Int]
    /// The elements in row-major order.
    public let elements: [String]

    /// A tensor of the given strings; that their number is the product of `shape` is not checked.
    public init(_ elements: [String], shape: [Int]) {
        self.elements = elements
        self.shape = shape
    }
}
