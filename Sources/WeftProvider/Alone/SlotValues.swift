/// Slots of a run without an engine.
package final class SlotValues: DynamicValues {
    private let lock = Lock()
    nonisolated(unsafe) private var values: [Value?] = []

    package init() {}

    package func add(_ value: Value?) -> Int {
        lock.withLock {
            values.append(value)
            return values.count - 1
        }
    }

    package func value(_ slot: Int) throws(WeftError) -> Value {
        guard let value = content(slot) else {
            throw WeftError(.internalInconsistency, "slot \(slot) was never set")
        }
        return value
    }

    package func pointer(_ slot: Int) -> UnsafeMutableRawPointer? { content(slot)?.tensor?.storage.host }

    package func set(_ slot: Int, _ value: Value) { lock.withLock { values[slot] = value } }

    package func allocate(_ type: ElementType, _ shape: [Int]) throws(WeftError) -> Tensor {
        try Tensor(uninitialized: type, shape: shape)
    }

    private func content(_ slot: Int) -> Value? {
        lock.withLock { values.indices.contains(slot) ? values[slot] : nil }
    }
}
