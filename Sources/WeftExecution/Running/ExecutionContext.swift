import WeftPlanning
import WeftProvider

/// The arenas and bound segments of a plan, for one run at a time.
///
/// It holds contexts for bodies that were placed with the plan; these are bound to memory that it lends them.
final class ExecutionContext: @unchecked Sendable {
    /// An input of a body's graph that is lent in a memory space.
    struct Lent: Hashable {
        let input: Int
        let space: Int
    }

    private struct Child: Hashable {
        let step: Int
        let body: Int
    }

    let arenas: [BufferView]
    let bound: [any BoundSegment]
    /// Returns the bytes on devices when it is released.
    private let reservation: any AnyObject & Sendable
    private let lent: [Lent: BufferView]
    /// Only the run that has the context uses these.
    private var children: [Child: ExecutionContext] = [:]
    /// Segments that devices were still working on when a run's deadline passed.
    var leftBehind: Submissions?

    init(
        _ plan: Plan, devices: [EngineDevice], lent: [Lent: BufferView], reservation: any AnyObject & Sendable
    ) throws(WeftError) {
        self.reservation = reservation
        self.lent = lent
        var arenas: [BufferView] = []
        for arena in plan.arenas {
            if let device = arena.device {
                let buffer = try devices[device].device.allocate(max(arena.bytes, 64), arena.kind)
                arenas.append(BufferView(buffer, byteCount: arena.bytes))
            } else {
                arenas.append(try BufferView.allocate(byteCount: arena.bytes, zeroed: true))
            }
        }
        self.arenas = arenas
        let hostScratch =
            plan.scratchBytes > 0 ? try BufferView.allocate(byteCount: plan.scratchBytes, zeroed: true) : nil
        func view(_ spot: Spot) -> BufferView {
            BufferView(
                arenas[spot.arena].buffer, offset: arenas[spot.arena].offset + spot.offset, byteCount: spot.bytes)
        }
        var bound: [any BoundSegment] = []
        for segment in plan.segments {
            var places: [Int: Place] = [:]
            for (value, place) in segment.places {
                switch place {
                case .slot(let slot): places[value] = .dynamic(slot)
                case .lent(let input):
                    guard let view = lent[Lent(input: input, space: devices.space(of: segment.device))] else {
                        throw WeftError(.internalInconsistency, "nobody lends input \(input) of \(plan.title)")
                    }
                    places[value] = .planned(view, staging: nil)
                case .arena(let spot, let staging):
                    places[value] = .planned(view(spot), staging: staging.map(view))
                }
            }
            var scratch = hostScratch
            if !devices[segment.device].description.isHost {
                scratch = nil
                if segment.scratch > 0 {
                    let buffer = try devices[segment.device].device.allocate(segment.scratch, .deviceLocal)
                    scratch = BufferView(buffer, byteCount: segment.scratch)
                }
            }
            bound.append(try segment.compiled.bind(places, scratch: scratch))
        }
        self.bound = bound
    }

    /// The context of a body that a step runs. The first call makes it with `make`, which is given the lent memory.
    func child(
        step: Int, body: Int, inputs: Int, lends: [Plan.Lend],
        _ make: ([Lent: BufferView]) throws(WeftError) -> ExecutionContext
    ) throws(WeftError) -> ExecutionContext {
        let key = Child(step: step, body: body)
        if let known = children[key] { return known }
        var views: [Lent: BufferView] = [:]
        for lend in lends where lend.fromEnd <= inputs {
            let target = Lent(input: inputs - lend.fromEnd, space: lend.space)
            switch lend.place {
            case .arena(let spot, _):
                let arena = arenas[spot.arena]
                views[target] = BufferView(arena.buffer, offset: arena.offset + spot.offset, byteCount: spot.bytes)
            case .lent(let input): views[target] = lent[Lent(input: input, space: lend.space)]
            case .slot: break
            }
        }
        let child = try make(views)
        children[key] = child
        return child
    }

    /// Whether devices may still work in its memory, or in that of its bodies' contexts.
    var isBusy: Bool { leftBehind != nil || children.values.contains(where: \.isBusy) }

    /// Waits until no device works in its memory any more; returns whether a device was lost.
    func settle() -> Bool {
        var isLost = leftBehind?.settle() ?? false
        leftBehind = nil
        for child in children.values where child.isBusy { isLost = child.settle() || isLost }
        return isLost
    }

    /// Releases a body's context, after a device was lost.
    func drop(step: Int, body: Int) { children[Child(step: step, body: body)] = nil }

    func host(_ spot: Spot) -> UnsafeMutableRawPointer? { arenas[spot.arena].host.map { $0 + spot.offset } }
}
