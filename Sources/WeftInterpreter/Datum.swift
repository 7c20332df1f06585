import WeftGraph
package import WeftProvider

/// An input or result: a computed value, or a constant, which keeps its identity so that packed forms are shared.
package enum Datum: Sendable {
    case value(Value)
    case constant(Constant)

    package var type: ValueType {
        switch self {
        case .value(let value): value.type
        case .constant(let constant): constant.type
        }
    }

    package func value() throws(WeftError) -> Value {
        switch self {
        case .value(let value): return value
        case .constant(let constant): return try constant.value()
        }
    }

    /// A copy with memory of its own if it is a constant tensor, else the same datum.
    package func owned() throws(WeftError) -> Datum {
        guard case .constant(let constant) = self, let tensor = try constant.value().tensor else { return self }
        let copy = try Tensor(uninitialized: tensor.elementType, shape: tensor.shape)
        if let source = tensor.storage.host, let target = copy.storage.host {
            target.copyMemory(from: source, byteCount: copy.storage.byteCount)
        }
        return .constant(ConstantFactory.constant(copy))
    }

    /// The value as a constant; nil for containers.
    package func constant() -> Constant? {
        switch self {
        case .value(let value): ConstantFactory.constant(value)
        case .constant(let constant): constant
        }
    }
}
