package import WeftProvider

/// Values with memory of their own in one call of a plan, by slot. Used by one thread at a time.
package final class Slots: DynamicValues, @unchecked Sendable {
    private var values: [Value?]
    private let budget: MemoryBudget
    /// The caller's memory for some of them.
    private let targets: [Int: OutputTarget]

    package init(count: Int, budget: MemoryBudget, targets: [Int: OutputTarget] = [:]) {
        values = [Value?](repeating: nil, count: count)
        self.budget = budget
        self.targets = targets
    }

    /// A tensor for a slot: in the caller's memory if the slot has a target, else newly allocated.
    package func tensor(_ slot: Int, _ type: ElementType, _ shape: [Int]) throws(WeftError) -> Tensor {
        if !targets.isEmpty, let tensor = targets[slot]?.tensor(type, shape) { return tensor }
        return try allocate(type, shape)
    }

    package func value(_ slot: Int) throws(WeftError) -> Value {
        guard slot < values.count, let value = values[slot] else {
            throw WeftError(.internalInconsistency, "slot \(slot) is read before it is set")
        }
        return value
    }

    package func pointer(_ slot: Int) -> UnsafeMutableRawPointer? {
        if case .tensor(let tensor) = values[slot] { return tensor.storage.host }
        return nil
    }

    package func set(_ slot: Int, _ value: Value) { values[slot] = value }

    package func release(_ slot: Int) { values[slot] = nil }

    package func allocate(_ type: ElementType, _ shape: [Int]) throws(WeftError) -> Tensor {
        try budget.allocate(type, shape)
    }
}

/// The limit of a session for values that own their memory.
package struct MemoryBudget: Sendable {
    /// The largest single value in bytes.
    package let largest: Int

    package init(largest: Int = 1 << 36) { self.largest = largest }

    package func allocate(_ type: ElementType, _ shape: [Int]) throws(WeftError) -> Tensor {
        guard let count = shape.checkedElementCount, let bytes = type.byteCount(count), bytes <= largest else {
            throw WeftError(
                .outOfMemory, "a \(type) value of shape \(shape) exceeds the limit of \(largest) bytes",
                hint: "check the inputs' shapes and contents, or raise the session's memory limit")
        }
        return try Tensor(uninitialized: type, shape: shape)
    }
}
