package import WeftProvider

/// Everything that a run of one signature does, in order; immutable, shared by concurrent runs.
package final class Plan: Sendable {
    /// Memory that a context has: the host's arena, and for each device its own and its staging.
    struct Arena: Sendable {
        /// Index into the engine's devices; nil for the host.
        let device: Int?
        let kind: MemoryKind
        let bytes: Int
    }

    struct Spot: Hashable, Sendable {
        let arena: Int
        let offset: Int
        let bytes: Int
    }

    enum PlannedPlace: Sendable {
        case arena(Spot, staging: Spot?)
        case slot(Int)
        /// In the caller's memory of the segment's device, where it keeps this input of the graph.
        case lent(input: Int)
    }

    /// Where a device has a value that bodies of a unit capture.
    struct Lend: Sendable {
        /// Position among the inputs of the unit, and of its bodies, counted from the end.
        let fromEnd: Int
        let device: Int
        let place: PlannedPlace
    }

    struct PlannedSegment: Sendable {
        let device: Int
        let compiled: any CompiledSegment
        let places: [Int: PlannedPlace]
        let scratch: Int
        /// Slots that its kernels write to, with what they will hold.
        let prepares: [Prepared]
        /// Its nodes in their order, for profiles.
        let nodes: [PlannedNode]
        /// What it runs, in order.
        let placed: [PlacedNode]
        /// Bytes of each value that is brought to the device before it, and back after it.
        let imported: [Int]
        let exported: [Int]
    }

    struct PlannedNode: Sendable {
        let label: String
        let opType: String
        let variant: String
        let work: Work
        /// Predicted.
        let seconds: Double
    }

    struct Prepared: Sendable {
        let slot: Int
        let type: ElementType
        let shape: [Int]
    }

    /// A value that a step outside of segments reads.
    enum Source: Sendable {
        case absent
        case slot(Int)
        case constant(Constant)
    }

    /// Work that is run by itself, with its operands and the slots of its results.
    struct UnitStep: Sendable {
        let label: String
        let kind: Specialised.Unit.Kind
        let inputs: [Source]
        let outputs: [Int?]
        /// Bodies that were placed with the graph, and what they find on devices.
        let bodies: [PlannedBody]
        let lends: [Lend]
    }

    enum Step: Sendable {
        /// Runs a segment of the host.
        case segment(Int)
        /// Starts a device's segment, and waits for it.
        case submit(Int)
        case wait(Int)
        case copyIn(slot: Int, to: Spot)
        case copyOut(from: Spot, into: Prepared)
        case copyAcross(from: Spot, to: Spot)
        case unit(UnitStep)
        case release([Int])
    }

    let steps: [Step]
    let segments: [PlannedSegment]
    let arenas: [Arena]
    let scratchBytes: Int
    let slotCount: Int
    let inputSlots: [Int]
    let outputs: [Source]
    /// The slot of each output; nil where it is a constant.
    var outputSlots: [Int?] {
        outputs.map { output in
            if case .slot(let slot) = output { return slot }
            return nil
        }
    }
    package let outputTypes: [ValueType?]
    package let report: PlacementReport
    /// Every value that crosses between memories, and when the plan was made: for profiles.
    let transfers: [PlannedTransfer]
    package let phases: PhaseLog
    /// What it was made for, for people: the graph and its inputs.
    let title: String
    /// What a context takes on each device with memory of its own.
    let needs: [DeviceNeed]
    /// Keeps its packed constants from being dropped.
    private let weights: PackedStore.Lease
    let contexts: ContextPool

    init(
        steps: [Step], segments: [PlannedSegment], arenas: [Arena], scratchBytes: Int, slotCount: Int,
        inputSlots: [Int], outputs: [Source], outputTypes: [ValueType?], report: PlacementReport, title: String,
        transfers: [PlannedTransfer], phases: PhaseLog, needs: [DeviceNeed],
        weights: PackedStore.Lease, contextLimit: Int
    ) {
        self.steps = steps
        self.segments = segments
        self.arenas = arenas
        self.scratchBytes = scratchBytes
        self.slotCount = slotCount
        self.inputSlots = inputSlots
        self.outputs = outputs
        self.outputTypes = outputTypes
        self.report = report
        self.title = title
        self.transfers = transfers
        self.phases = phases
        self.needs = needs
        self.weights = weights
        contexts = ContextPool(limit: contextLimit)
    }
}

/// Contexts of a plan that no run uses at the moment; at most `limit` exist, further runs wait.
final class ContextPool: @unchecked Sendable {
    private let lock = Lock()
    private let limit: Int
    private var idle: [ExecutionContext] = []
    private var made = 0

    init(limit: Int) { self.limit = max(1, limit) }

    /// An idle context, or one that `make` makes. Where a device has no room for another, waits for one of these.
    func lease(_ make: () throws(WeftError) -> ExecutionContext) throws(WeftError) -> ExecutionContext {
        var full = false
        while true {
            lock.lock()
            while idle.isEmpty, made >= limit || (full && made > 0) { lock.wait() }
            if let context = idle.popLast() {
                lock.unlock()
                return context
            }
            made += 1
            lock.unlock()
            do {
                return try make()
            } catch {
                let others = lock.withLock {
                    made -= 1
                    lock.signal()
                    return made > 0
                }
                guard error.code == .deviceMemoryExceeded, others else { throw error }
                full = true
            }
        }
    }

    /// Frees the contexts that no run uses; returns whether there were any.
    func dropIdle() -> Bool {
        let dropped = lock.withLock {
            let dropped = idle
            idle = []
            made -= dropped.count
            lock.broadcast()
            return dropped
        }
        return !dropped.isEmpty
    }

    func giveBack(_ context: ExecutionContext) {
        lock.withLock {
            idle.append(context)
            lock.signal()
        }
    }

    /// A context that is not to be used again, its device being lost.
    func discard() {
        lock.withLock {
            made -= 1
            lock.signal()
        }
    }
}
