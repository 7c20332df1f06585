/// Why a provider does not run a node.
public enum Decline: Hashable, Sendable, CustomStringConvertible {
    /// The provider has no such operator.
    case opType
    /// The element type of an operand is not supported.
    case type(ElementType, operand: Int)
    /// The value of an attribute is not supported.
    case attribute(String, got: String)
    /// The rank of an operand is not supported.
    case rank(Int, operand: Int)
    /// The shape of an operand is known only when its producer has run.
    case runtimeShape(operand: Int)
    /// The contents of an operand are not known before a run.
    case runtimeOperand(Int)
    /// The node needs more of something than the device has.
    case limit(String, needs: Int, has: Int)
    /// The node computes sizes or conditions, which are wanted in host memory.
    case hostValue
    /// Any other reason, in words.
    case other(String)

    /// The reason in words, as tables show it.
    public var description: String {
        switch self {
        case .opType: "has no such operator"
        case .type(let type, let operand): "does not take \(type) as operand \(operand)"
        case .attribute(let name, let got): "does not take \(name) = \(got)"
        case .rank(let rank, let operand): "does not take rank \(rank) as operand \(operand)"
        case .runtimeShape(let operand): "the shape of operand \(operand) is known only at run time"
        case .runtimeOperand(let operand): "operand \(operand) would have to be a constant"
        case .limit(let limit, let needs, let has): "needs \(needs) of \(limit), the device has \(has)"
        case .hostValue: "small integers that only sizes and conditions depend on stay on the host"
        case .other(let reason): reason
        }
    }
}
