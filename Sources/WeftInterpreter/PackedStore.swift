package import WeftProvider

/// The packed constants of a session: one copy for each constant, device and format, shared by all plans.
///
/// Each plan asks through a lease, so that constants which no plan uses can be dropped when memory is short.
package final class PackedStore: ConstantStore, @unchecked Sendable {
    package struct Key: Hashable {
        package let constant: UInt64
        package let device: String
        package let format: String
    }

    private enum Entry {
        case packing
        case ready(any Packed)
    }

    private let lock = Lock()
    private var entries: [Key: Entry] = [:]
    /// How many leases use each entry.
    private var uses: [Key: Int] = [:]
    /// Sizes of all constants that were ever packed, by device: bytes in the largest format, and bytes in the model.
    private var sizes: [String: [UInt64: (packed: Int, plain: Int)]] = [:]

    /// Bytes that a session may use on each device; a device that is not listed has no limit.
    private let limits: [String: Int]
    /// Bytes that the session's contexts use beside constants, by device.
    private var held: [String: Int] = [:]

    package init(limits: [String: Int] = [:]) { self.limits = limits }

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

    /// Throws `.deviceMemoryExceeded`, before anything is packed, if the device's limit would be exceeded.
    package func packed<P: Packed>(
        _ constant: Constant, on device: String, format: String, _ make: () throws(WeftError) -> P
    ) throws(WeftError) -> P {
        let key = Key(constant: constant.id, device: device, format: format)
        if let limit = limits[device] { try checkRoom(for: constant, key, limit) }
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
                note(packed.byteCount, of: constant, on: device)
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

    /// Notes that contexts use more bytes on a device; fewer if the number is negative.
    package func hold(_ bytes: Int, on device: String) { lock.withLock { held[device, default: 0] += bytes } }

    private func checkRoom(for constant: Constant, _ key: Key, _ limit: Int) throws(WeftError) {
        let size = lock.withLock {
            entries[key] == nil
                ? sizes[key.device]?[constant.id]?.packed
                    ?? constant.elementType.byteCount(constant.elementCount) ?? 0 : 0
        }
        guard size > 0 else { return }
        let others = lock.withLock { held[key.device] ?? 0 }
        guard byteCount(on: key.device) + others + size > limit else { return }
        dropUnused(on: key.device)
        let needed = byteCount(on: key.device) + others + size
        guard needed > limit else { return }
        throw WeftError(
            .deviceMemoryExceeded,
            "weights and runs under way need \(needed) bytes on \(key.device), whose limit is \(limit)",
            hint: "raise the session's limit of device memory, or place fewer nodes there")
    }

    private func note(_ bytes: Int, of constant: Constant, on device: String) {
        let plain = constant.elementType.byteCount(constant.elementCount) ?? 0
        let known = sizes[device]?[constant.id]?.packed ?? 0
        sizes[device, default: [:]][constant.id] = (max(known, bytes), plain)
    }
}

extension PackedStore {
    /// The constants that one plan uses; released when the last reference to the lease goes.
    package final class Lease: ConstantStore, @unchecked Sendable {
        private let store: PackedStore
        private let lock = Lock()
        private var keys: Set<Key> = []

        package init(_ store: PackedStore) { self.store = store }

        deinit { store.release(keys) }

        package func packed<P: Packed>(
            _ constant: Constant, on device: String, format: String, _ make: () throws(WeftError) -> P
        ) throws(WeftError) -> P {
            let key = Key(constant: constant.id, device: device, format: format)
            lock.withLock { if keys.insert(key).inserted { store.retain(key) } }
            return try store.packed(constant, on: device, format: format, make)
        }

        /// Bytes of the plan's constants on a device.
        package func byteCount(on device: String) -> Int { store.byteCount(of: lock.withLock { keys }, on: device) }
    }

    private func retain(_ key: Key) { lock.withLock { uses[key, default: 0] += 1 } }

    private func release(_ keys: Set<Key>) {
        lock.withLock {
            for key in keys {
                guard let count = uses[key], count > 1 else {
                    uses[key] = nil
                    continue
                }
                uses[key] = count - 1
            }
        }
    }

    private func byteCount(of keys: Set<Key>, on device: String) -> Int {
        lock.withLock {
            keys.reduce(0) { sum, key in
                if key.device == device, case .ready(let packed) = entries[key] { return sum + packed.byteCount }
                return sum
            }
        }
    }

    /// Drops constants on a device that no plan uses; returns whether there were any.
    @discardableResult
    package func dropUnused(on device: String) -> Bool {
        let dropped = lock.withLock {
            let dropped = entries.filter { key, entry in
                if key.device == device, uses[key] == nil, case .ready = entry { return true }
                return false
            }
            for key in dropped.keys { entries[key] = nil }
            return dropped
        }
        return !dropped.isEmpty
    }

    /// Sizes of constants on a device, as far as they were packed.
    package struct Sizes: Sendable {
        /// Bytes of each constant that was ever packed, and of each that plans use now.
        package var packed: [UInt64: Int] = [:]
        package var used: [UInt64: Int] = [:]
        /// Packed bytes for each byte in the model; at least one.
        package var ratio = 1.0

        /// Bytes of all constants that plans use now.
        package var held: Int { used.values.reduce(0, +) }
    }

    package func sizes(on device: String) -> Sizes {
        lock.withLock {
            var found = Sizes()
            var packed = 0, plain = 0
            for (constant, size) in sizes[device] ?? [:] {
                found.packed[constant] = size.packed
                packed += size.packed
                plain += size.plain
            }
            if plain > 0 { found.ratio = max(1, Double(packed) / Double(plain)) }
            for (key, entry) in entries where key.device == device && uses[key] != nil {
                if case .ready(let packed) = entry { found.used[key.constant, default: 0] += packed.byteCount }
            }
            return found
        }
    }
}
