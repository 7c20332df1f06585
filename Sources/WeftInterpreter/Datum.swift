import WeftGraph
package import WeftProvider

/// A value at hand: computed, or a constant that keeps its identity, so that its packed forms are shared.
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

    /// The same with memory of its own, where it is a tensor that counts by its contents.
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
