/// The value of a node's attribute.
public enum Attribute: Sendable {
    /// An integer; also used for flags, as 0 or 1.
    case int(Int64)
    /// A number.
    case float(Float)
    /// A text.
    case string(String)
    /// A list of integers.
    case ints([Int64])
    /// A list of numbers.
    case floats([Float])
    /// A list of texts.
    case strings([String])
    /// A tensor.
    case tensor(Constant)
    /// A type, as the operator Optional has one.
    case type(ValueType)

    /// The value as text, for messages and tables; of a tensor only its type and shape.
    public var text: String {
        switch self {
        case .int(let value): "\(value)"
        case .float(let value): "\(value)"
        case .string(let value): "\"\(value)\""
        case .ints(let values): "\(values)"
        case .floats(let values): "\(values)"
        case .strings(let values): "\(values)"
        case .tensor(let constant): "tensor \(constant.elementType) \(constant.shape)"
        case .type(let type): "\(type)"
        }
    }
}
