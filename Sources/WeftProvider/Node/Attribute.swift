/// An attribute of a node, under its ONNX name.
public enum Attribute: Sendable {
    case int(Int64)
    case float(Float)
    case string(String)
    case ints([Int64])
    case floats([Float])
    case strings([String])
    case tensor(Constant)
    case type(ValueType)

    /// What the attribute holds, in a word or two, for messages and tables.
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
