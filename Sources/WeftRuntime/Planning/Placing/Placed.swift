import WeftGraph
import WeftProvider

/// A node on its device, in the form that the device's provider compiles.
struct PlacedNode {
    var view: NodeView
    /// Index into the engine's devices.
    var device: Int
    var variant: Variant
    var price: Price
    var seconds: Double { price.seconds }
    /// The planned nodes it stands for, by index into the placer's list; empty for a layout conversion.
    var members: [Int]
    /// Devices that offered to run it in its memory space.
    var able: [Int]
}

/// A specialised graph whose work has found its devices.
struct Placed {
    enum Item {
        case node(PlacedNode)
        case unit(Specialised.Unit)

        var node: PlacedNode? {
            if case .node(let node) = self { return node }
            return nil
        }
    }

    var items: [Item]
    /// Blocks of items in the order they run; a unit is a block of its own.
    var blocks: [Block]
    /// Types and layouts by value number, conversions' values included.
    var values: [PlacedValue]
    var report: PlacementReport
    /// Those of its units' bodies that were placed with it.
    var bodies: [Body] = []

    /// A body of If, Loop or Scan with its placement.
    struct Body {
        /// The index of its unit among the graph's.
        let unit: Int
        let name: String
        let graph: Graph
        let facts: [Fact]
        let trips: TripCount
        let specialised: Specialised
        let placed: Placed
    }

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
    /// Whether it is the caller's, who brings it to wherever it is read.
    var isLent = false

    var byteCount: Int? {
        guard case .tensor(let type, .fixed(let shape)) = type, type != .string else { return nil }
        return layout.byteCount(type, shape)
    }
}
