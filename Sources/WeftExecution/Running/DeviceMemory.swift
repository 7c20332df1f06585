import WeftInterpreter
package import WeftPlanning
package import WeftProvider

/// What a session's contexts and weights hold on each device, kept within the devices' limits.
package final class DeviceMemory: @unchecked Sendable {
    private let devices: [EngineDevice]
    private let store: PackedStore
    private let lock = Lock()
    private var held: [Int: Int] = [:]
    /// Plans that got contexts, those in no cache among them.
    private var served: [WeakPlan] = []

    private struct WeakPlan {
        weak var plan: ReadyPlan?
    }

    init(devices: [EngineDevice], store: PackedStore) {
        self.devices = devices
        self.store = store
    }

    /// A new context for a plan; `makeRoom` is asked to free what it can where a device's limit is passed.
    ///
    /// Throws `.deviceMemoryExceeded` where there is no room nevertheless.
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

    /// Frees contexts of all other plans that no run uses.
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

    /// What devices have left for a plan that is to be made. One that is made while `isInner` work waits for it has
    /// less: whatever contexts hold at the moment stays.
    package func room(isInner: Bool) -> DeviceRoom {
        var room = DeviceRoom()
        for (index, device) in devices.enumerated() where device.memoryLimit != nil {
            let sizes = store.sizes(on: device.description.id)
            room.sizes[index] = sizes
            room.taken[index] = sizes.held + (isInner ? lock.withLock { held[index] ?? 0 } : 0)
        }
        return room
    }

    /// Throws `.deviceMemoryExceeded` where a plan, compiled as it is now, needs more than a device may give.
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

    /// Forgets constants on devices with limits that no plan uses; returns whether there were any.
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
