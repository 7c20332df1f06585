import WeftProvider

/// What a pretended device has given away: buffers, and constants that were packed for it.
public final class AllocationLedger: @unchecked Sendable {
    private let lock = Lock()
    private var buffers = 0
    private var constants: [(packed: WeakPacked, bytes: Int)] = []
    private var most = 0

    /// Nothing is given away yet.
    public init() {}

    /// Bytes that are in use now.
    public var bytes: Int { lock.withLock { sum() } }

    /// The most that were in use at once.
    public var peak: Int { lock.withLock { most } }

    /// Bytes of constants that somebody still holds.
    public var constantBytes: Int { lock.withLock { heldConstants() } }

    fileprivate func take(_ bytes: Int) {
        lock.withLock {
            buffers += bytes
            most = max(most, sum())
        }
    }

    fileprivate func giveBack(_ bytes: Int) { lock.withLock { buffers -= bytes } }

    fileprivate func note(_ packed: any Packed) {
        lock.withLock {
            constants.append((WeakPacked(packed), packed.byteCount))
            most = max(most, sum())
        }
    }

    private func heldConstants() -> Int {
        constants.removeAll { $0.packed.object == nil }
        return constants.reduce(0) { $0 + $1.bytes }
    }

    private func sum() -> Int { buffers + heldConstants() }

    private struct WeakPacked {
        weak var object: (any Packed)?
        init(_ object: any Packed) { self.object = object }
    }
}

/// Memory that a ledger counts as long as somebody holds it.
final class CountedBuffer: Buffer {
    private let memory: any Buffer
    private let ledger: AllocationLedger

    init(_ memory: any Buffer, in ledger: AllocationLedger) {
        self.memory = memory
        self.ledger = ledger
        ledger.take(memory.byteCount)
    }

    deinit { ledger.giveBack(memory.byteCount) }

    var byteCount: Int { memory.byteCount }
    var host: UnsafeMutableRawPointer? { memory.host }
}

/// A store that tells a ledger of what is packed through it.
final class CountedConstants: ConstantStore {
    private let store: any ConstantStore
    private let ledger: AllocationLedger

    init(_ store: any ConstantStore, in ledger: AllocationLedger) {
        self.store = store
        self.ledger = ledger
    }

    func packed<P: Packed>(
        _ constant: Constant, on device: String, format: String, _ make: () throws(WeftError) -> P
    ) throws(WeftError) -> P {
        let ledger = ledger
        return try store.packed(constant, on: device, format: format) { () throws(WeftError) in
            let packed = try make()
            ledger.note(packed)
            return packed
        }
    }
}
