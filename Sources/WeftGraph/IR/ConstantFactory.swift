package import WeftProvider

/// Makes constants with identities of their own.
package enum ConstantFactory {
    private static let lock = Lock()
    nonisolated(unsafe) private static var next: UInt64 = 1

    /// An identity that no other constant of this process has.
    package static func newIdentity() -> UInt64 {
        lock.withLock {
            defer { next += 1 }
            return next
        }
    }

    package static func constant(_ tensor: Tensor) -> Constant {
        Constant(
            id: newIdentity(), elementType: tensor.elementType, shape: tensor.shape,
            payload: .bytes(BufferConstant(tensor.storage)))
    }

    /// A numeric or string tensor as a constant; nil for containers.
    package static func constant(_ value: Value) -> Constant? {
        switch value {
        case .tensor(let tensor): constant(tensor)
        case .strings(let strings):
            Constant(
                id: newIdentity(), elementType: .string, shape: strings.shape, payload: .strings(strings.elements))
        default: nil
        }
    }

    /// A list of integers as an int64 tensor of rank 1.
    package static func constant(ints: [Int]) -> Constant {
        constant(Tensor(ints.map { Int64($0) }, shape: [ints.count]))
    }
}
