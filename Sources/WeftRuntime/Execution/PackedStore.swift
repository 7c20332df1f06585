package import WeftProvider

/// Packed constants of a session: one copy for each constant, device and format, whatever plan asks.
package final class PackedStore: ConstantStore, @unchecked Sendable {
    private struct Key: Hashable {
        let constant: UInt64
        let device: String
        let format: String
    }

    private enum Entry {
        case packing
        case ready(any Packed)
    }

    private let lock = Lock()
    private var entries: [Key: Entry] = [:]

    package init() {}

    /// Bytes of all packed constants.
    package var byteCount: Int {
        lock.withLock {
            entries.values.reduce(0) { sum, entry in
                if case .ready(let packed) = entry { return sum + packed.byteCount }
                return sum
            }
        }
    }

    /// Bytes of the packed constants on one device.
    package func byteCount(on device: String) -> Int {
        lock.withLock {
            entries.reduce(0) { sum, entry in
                if entry.key.device == device, case .ready(let packed) = entry.value { return sum + packed.byteCount }
                return sum
            }
        }
    }

    package func packed<P: Packed>(
        _ constant: Constant, on device: String, format: String, _ make: () throws(WeftError) -> P
    ) throws(WeftError) -> P {
        let key = Key(constant: constant.id, device: device, format: format)
        lock.lock()
        while case .packing = entries[key] { lock.wait() }
        if case .ready(let present) = entries[key] {
            lock.unlock()
            guard let packed = present as? P else {
                throw WeftError(.internalInconsistency, "format '\(format)' has two kinds of packed constants")
            }
            return packed
        }
        entries[key] = .packing
        lock.unlock()
        do {
            let packed = try make()
            lock.withLock {
                entries[key] = .ready(packed)
                lock.broadcast()
            }
            return packed
        } catch {
            lock.withLock {
                entries[key] = nil
                lock.broadcast()
            }
            throw error
        }
    }
}
