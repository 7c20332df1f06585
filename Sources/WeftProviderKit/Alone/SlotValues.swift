public import WeftProvider

/// The slots of nodes that run without an engine.
public final class SlotValues: DynamicValues {
    private let lock = Lock()
    nonisolated(unsafe) private var values: [Value?] = []

    /// Without any slot.
    public init() {}

    /// Adds a slot, which is empty if `value` is nil; returns its number.
    public func add(_ value: Value?) -> Int {
        lock.withLock {
            values.append(value)
            return values.count - 1
        }
    }

    public func value(_ slot: Int) throws(WeftError) -> Value {
        guard let value = content(slot) else {
            throw WeftError(.internalInconsistency, "slot \(slot) was never set")
        }
        return value
    }

    public func pointer(_ slot: Int) -> UnsafeMutableRawPointer? { content(slot)?.tensor?.storage.host }

    public func set(_ slot: Int, _ value: Value) { lock.withLock { values[slot] = value } }

    public func allocate(_ type: ElementType, _ shape: [Int]) throws(WeftError) -> Tensor {
        try Tensor(uninitialized: type, shape: shape)
    }

    private func content(_ slot: Int) -> Value? {
        lock.withLock { values.indices.contains(slot) ? values[slot] : nil }
    }
}
