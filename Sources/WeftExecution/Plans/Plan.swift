import WeftInterpreter
package import WeftPlanning
package import WeftProvider

/// Everything that a run of one signature does, in order; immutable, shared by concurrent runs.
package final class Plan: Sendable {
    enum PlannedPlace: Sendable {
        case arena(Spot, staging: Spot?)
        case slot(Int)
        /// In memory that the caller of a body lends: where it has this input of the body on the segment's device.
        case lent(input: Int)
    }

    /// A value that bodies of a unit capture, and where a memory space has it.
    struct Lend: Sendable {
        /// Position among the inputs of the unit, and of its bodies, counted from the end.
        let fromEnd: Int
        let space: Int
        let place: PlannedPlace
    }

    package struct PlannedSegment: Sendable {
        package let device: Int
        let compiled: any CompiledSegment
        let places: [Int: PlannedPlace]
        let scratch: Int
        /// Slots that its kernels write to, with the types and shapes of their tensors.
        let prepares: [Prepared]
        /// Its nodes in order, for profiles.
        let nodes: [PlannedNode]
        /// The placed nodes that it runs, in order.
        package let placed: [PlacedNode]
        /// Bytes of each value that is copied to the device before its first node, and back after its last.
        package let imported: [Int]
        package let exported: [Int]
    }

    struct PlannedNode: Sendable {
        let label: String
        let opType: String
        let variant: String
        let work: Work
        /// Predicted.
        let seconds: Double
    }

    package struct Prepared: Sendable {
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

    /// A unit that runs outside of segments, with its operands and the slots of its results.
    package struct UnitStep: Sendable {
        let label: String
        let kind: Specialised.Unit.Kind
        let inputs: [Source]
        let outputs: [Int?]
        /// Bodies that were placed with the graph, and values that are lent to them on devices.
        package let bodies: [PlannedBody]
        let lends: [Lend]
    }

    package enum Step: Sendable {
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

    package let steps: [Step]
    package let segments: [PlannedSegment]
    package let arenas: [Arena]
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
    /// Every transfer between memories, and how long the phases of planning took: for profiles.
    package let transfers: [PlannedTransfer]
    package let phases: PhaseLog
    /// The graph and inputs that it was made for, for messages.
    package let title: String
    /// The memory that one context needs on each device with memory of its own.
    let needs: [DeviceNeed]
    /// Keeps its packed constants from being dropped.
    private let weights: PackedStore.Lease

    init(
        steps: [Step], segments: [PlannedSegment], arenas: [Arena], scratchBytes: Int, slotCount: Int,
        inputSlots: [Int], outputs: [Source], outputTypes: [ValueType?], report: PlacementReport, title: String,
        transfers: [PlannedTransfer], phases: PhaseLog, needs: [DeviceNeed], weights: PackedStore.Lease
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
    }

    /// Bodies that were placed with it.
    package var bodies: [PlannedBody] {
        steps.flatMap { step -> [PlannedBody] in if case .unit(let unit) = step { unit.bodies } else { [] } }
    }
}
