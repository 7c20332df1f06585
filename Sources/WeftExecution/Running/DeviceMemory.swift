import WeftInterpreter
package import WeftPlanning
package import WeftProvider

/// Keeps the memory of a session's contexts and weights within each device's limit.
package final class DeviceMemory: @unchecked Sendable {
    private let devices: [EngineDevice]
    private let store: PackedStore
    private let lock = Lock()
    private var held: [Int: Int] = [:]
    /// Plans that got contexts, also those that are not in the cache.
    private var served: [WeakPlan] = []

    private struct WeakPlan {
        weak var plan: ReadyPlan?
    }

    init(devices: [EngineDevice], store: PackedStore) {
        self.devices = devices
        self.store = store
    }

    /// A new context for a plan. If it would exceed a device's limit, `makeRoom` is called to free what it can.
    ///
    /// Throws `.deviceMemoryExceeded` if there is not enough memory even then.
    func context(
        _ ready: ReadyPlan, lent: [ExecutionContext.Lent: BufferView], makeRoom: () -> Void
    ) throws(WeftError) -> ExecutionContext {
        let plan = ready.plan
        let reservation: Reservation
        do {
            reservation = try reserve(plan.needs)
        } catch {
            guard error.code == .deviceMemoryExceeded else { throw error }
            makeRoom()
            dropIdleContexts(but: ready)
            for need in plan.needs { store.dropUnused(on: devices[need.device].description.id) }
            reservation = try reserve(plan.needs)
        }
        if !plan.needs.isEmpty {
            lock.withLock {
                served.removeAll { $0.plan == nil || $0.plan === ready }
                served.append(WeakPlan(plan: ready))
            }
        }
        return try ExecutionContext(plan, devices: devices, lent: lent, reservation: reservation)
    }

    /// Frees unused contexts of all other plans.
    private func dropIdleContexts(but plan: ReadyPlan) {
        for other in lock.withLock({ served.compactMap(\.plan) }) where other !== plan { _ = other.contexts.dropIdle() }
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
            for need in limited { hold(need.bytes ?? 0, on: need.device) }
        }
        return Reservation(self, limited)
    }

    /// The memory that devices have left for a new plan. A plan of a body or region (`isInner`) is made during a run:
    /// it has less, as memory that contexts hold at the moment is not freed for it.
    package func room(isInner: Bool) -> DeviceRoom {
        var room = DeviceRoom()
        for (index, device) in devices.enumerated() where device.memoryLimit != nil {
            let sizes = store.sizes(on: device.description.id)
            room.sizes[index] = sizes
            room.taken[index] = sizes.held + (isInner ? lock.withLock { held[index] ?? 0 } : 0)
        }
        return room
    }

    /// Throws `.deviceMemoryExceeded` if a compiled plan needs more than a device's limit.
    package func check(_ plan: Plan, isInner: Bool) throws(WeftError) {
        for need in plan.needs {
            let device = devices[need.device]
            guard let limit = device.memoryLimit else { continue }
            store.dropUnused(on: device.description.id)
            let others = isInner ? lock.withLock { held[need.device] ?? 0 } : 0
            let weights = store.byteCount(on: device.description.id)
            if let error = need.exceeds(limit, on: device.description, weights: weights, others: others) { throw error }
        }
    }

    /// Drops unused constants on devices with limits; returns whether there were any.
    package func dropUnused() -> Bool {
        devices.reduce(false) { dropped, device in
            guard device.memoryLimit != nil else { return dropped }
            return store.dropUnused(on: device.description.id) || dropped
        }
    }

    private func hold(_ bytes: Int, on device: Int) {
        held[device, default: 0] += bytes
        store.hold(bytes, on: devices[device].description.id)
    }

    fileprivate func release(_ needs: [DeviceNeed]) {
        lock.withLock { for need in needs { hold(-(need.bytes ?? 0), on: need.device) } }
    }
}

/// The bytes of a context on devices with limits; given back when the last reference to it goes.
final class Reservation: Sendable {
    private let memory: DeviceMemory
    private let needs: [DeviceNeed]

    fileprivate init(_ memory: DeviceMemory, _ needs: [DeviceNeed]) {
        self.memory = memory
        self.needs = needs
    }

    deinit { memory.release(needs) }
}
