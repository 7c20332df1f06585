package import WeftProvider

/// A node on its device, in the form that the device's provider compiles.
struct PlacedNode {
    var view: NodeView
    /// Index into the engine's devices.
    var device: Int
    var variant: Variant
    /// Seconds by the device's rates.
    var seconds: Double
    /// The planned nodes it stands for, by index into the placer's list; empty for a layout conversion.
    var members: [Int]
}

/// A specialised graph whose work has found its devices.
struct Placed {
    enum Item {
        case node(PlacedNode)
        case unit(Specialised.Unit)
    }

    var items: [Item]
    /// Blocks of items in the order they run; a unit is a block of its own.
    var blocks: [Block]
    /// Types and layouts by value number, conversions' values included.
    var values: [PlacedValue]
    var report: PlacementReport

    struct Block {
        /// Index into the engine's devices; nil for a unit.
        var device: Int?
        var items: [Int]
    }
}

struct PlacedValue {
    var name: String
    var type: ValueType?
    var contents: Constant?
    var layout: Layout = .plain

    var byteCount: Int? {
        guard case .tensor(let type, .fixed(let shape)) = type, type != .string else { return nil }
        return layout.byteCount(type, shape)
    }
}

/// Where every node went, and why: what `explain` shows.
package struct PlacementReport: Sendable {
    /// What one device would do with a node.
    package struct Offer: Sendable {
        package let device: String
        /// Seconds; nil where the device declines.
        package let seconds: Double?
        package let variant: String?
        package let decline: Decline?
    }

    package struct Entry: Sendable {
        package let name: String
        package let opType: String
        /// The device that runs it; `engine` for control flow and data-dependent parts.
        package var device: String
        package var variant: String
        package var seconds: Double
        package let offers: [Offer]
        /// The fused node it became part of, if any.
        package var fusedInto: String?
        package var reason: String
        /// Multiply-adds times two of the operators whose work is counted; zero for others.
        package let flops: Double
        /// How many of the model's nodes it stands for.
        package let nodeCount: Int
        /// Names of the values that it reads, constants left out, and of those that it makes.
        package var inputs: [String] = []
        package var outputs: [String] = []
    }

    package struct SegmentEntry: Sendable {
        package let device: String
        package let nodes: [String]
        package let seconds: Double
    }

    package struct Transfer: Sendable {
        package let value: String
        package let from: String
        package let to: String
        package let bytes: Int
    }

    package var entries: [Entry] = []
    package var segments: [SegmentEntry] = []
    package var transfers: [Transfer] = []
    package var foldedCount = 0
    /// Predicted seconds of the plan's nodes and transfers, and of the plan that keeps to the host.
    package var seconds = 0.0
    package var hostOnlySeconds: Double?
    package var rateSources: [(device: String, source: String)] = []
    package var arenaBytes: [(space: String, bytes: Int)] = []

    package init() {}
}
