import WeftProvider

/// What a session's contexts and weights hold on each device, kept within the devices' limits.
final class DeviceMemory: @unchecked Sendable {
    private let devices: [EngineDevice]
    private let store: PackedStore
    private let lock = Lock()
    private var held: [Int: Int] = [:]

    init(devices: [EngineDevice], store: PackedStore) {
        self.devices = devices
        self.store = store
    }

    /// A new context for a plan; `makeRoom` is asked to free what it can where a device's limit is passed.
    ///
    /// Throws `.deviceMemoryExceeded` where there is no room nevertheless.
    func context(
        _ plan: Plan, lent: [ExecutionContext.Lent: BufferView], makeRoom: () -> Void
    ) throws(WeftError) -> ExecutionContext {
        let reservation: Reservation
        do {
            reservation = try reserve(plan.needs)
        } catch {
            guard error.code == .deviceMemoryExceeded else { throw error }
            makeRoom()
            reservation = try reserve(plan.needs)
        }
        return try ExecutionContext(plan, devices: devices, lent: lent, reservation: reservation)
    }

    private func reserve(_ needs: [DeviceNeed]) throws(WeftError) -> Reservation {
        let limited = needs.filter { devices[$0.device].memoryLimit != nil }
        var weights: [Int: Int] = [:]
        for need in limited { weights[need.device] = store.byteCount(on: devices[need.device].description.id) }
        try lock.withLock { () throws(WeftError) in
            for need in limited {
                let device = devices[need.device]
                if let limit = device.memoryLimit,
                    let error = need.exceeds(
                        limit, on: device.description, weights: weights[need.device] ?? 0,
                        others: held[need.device] ?? 0)
                {
                    throw error
                }
            }
            for need in limited { held[need.device, default: 0] += need.bytes ?? 0 }
        }
        return Reservation(self, limited)
    }

    fileprivate func release(_ needs: [DeviceNeed]) {
        lock.withLock { for need in needs { held[need.device, default: 0] -= need.bytes ?? 0 } }
    }
}

/// A context's bytes on devices with limits; given back with its last reference.
final class Reservation: Sendable {
    private let memory: DeviceMemory
    private let needs: [DeviceNeed]

    fileprivate init(_ memory: DeviceMemory, _ needs: [DeviceNeed]) {
        self.memory = memory
        self.needs = needs
    }

    deinit { memory.release(needs) }
}
