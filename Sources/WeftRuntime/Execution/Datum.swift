import WeftGraph
package import WeftProvider

/// A value at hand: computed, or a constant that keeps its identity, so that its packed forms are shared.
package enum Datum: Sendable {
    case value(Value)
    case constant(Constant)

    var type: ValueType {
        switch self {
        case .value(let value): value.type
        case .constant(let constant): constant.type
        }
    }

    func value() throws(WeftError) -> Value {
        switch self {
        case .value(let value): return value
        case .constant(let constant): return try constant.value()
        }
    }

    /// The value as a constant; nil for containers.
    func constant() -> Constant? {
        switch self {
        case .value(let value): ConstantFactory.constant(value)
        case .constant(let constant): constant
        }
    }
}
