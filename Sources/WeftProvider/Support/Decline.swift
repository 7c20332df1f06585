/// Why a provider does not run a node.
public enum Decline: Hashable, Sendable, CustomStringConvertible {
    /// The provider has no such operator.
    case opType
    case type(ElementType, operand: Int)
    case attribute(String, got: String)
    case rank(Int, operand: Int)
    /// An operand whose shape is known only when its producer has run.
    case runtimeShape(operand: Int)
    /// An operand that would have to be a constant.
    case runtimeOperand(Int)
    /// A limit of the device.
    case limit(String, needs: Int, has: Int)
    /// Small host-side arithmetic on sizes, which stays where sizes are wanted.
    case hostValue
    case other(String)

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
