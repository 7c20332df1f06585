import WeftGraph
package import WeftProvider

/// A node with its device and variant, as the device's provider compiles it.
package struct PlacedNode: Sendable {
    package var view: NodeView
    /// Index into the engine's devices.
    package var device: Int
    package var variant: Variant
    package var price: Price
    package var seconds: Double { price.seconds }
    /// The nodes of the placement graph that it stands for, by index; empty for a layout conversion.
    package var members: [Int]
    /// The devices of its memory space that may run it.
    package var able: [Int]
}

/// A value of placed work. The result of a layout conversion is a value of its own.
package struct PlacedValue: Sendable {
    package var name: String
    package var type: ValueType?
    package var contents: Constant?
    package var layout: Layout = .plain
    /// The frame in which it is made, or whose input or constant it is.
    package var frame = 0

    package var byteCount: Int? {
        guard case .tensor(let type, .fixed(let shape)) = type, type != .string else { return nil }
        return layout.byteCount(type, shape)
    }
}

/// The time and the readings of a control-flow unit's bodies that were placed with the graph.
package struct UnitWork: Sendable {
    /// A value of the caller that a body reads on a device, in the device's memory.
    package struct Reading: Hashable, Sendable, Comparable {
        package let value: Int
        /// Index into the engine's devices.
        package let device: Int

        package static func < (first: Reading, second: Reading) -> Bool {
            (first.device, first.value) < (second.device, second.value)
        }
    }

    /// The unit's index in its frame.
    package let unit: Int
    /// Predicted seconds of all trips of all its bodies.
    var seconds = 0.0
    package var readings: Set<Reading> = []
}

/// A frame's work with its devices, and the order in which it runs.
package struct PlacedWork: Sendable {
    package enum Item: Sendable {
        case node(PlacedNode)
        /// A unit that runs by itself; with its bodies' time and readings if they were placed with the graph.
        case unit(Specialised.Unit, UnitWork?)

        package var node: PlacedNode? {
            if case .node(let node) = self { return node }
            return nil
        }

        /// The values that the item reads, by number; with constants, without absent operands.
        package var inputs: [Int] {
            switch self {
            case .node(let node): node.view.inputs.compactMap { $0?.value }
            case .unit(let unit, _): unit.inputs.filter { $0 != Node.absent }
            }
        }

        package var outputs: [Int] {
            switch self {
            case .node(let node): node.view.outputs.compactMap { $0?.value }
            case .unit(let unit, _): unit.outputs.filter { $0 != Node.absent }
            }
        }

        /// The values that bodies of a unit read in devices' memory; empty for nodes.
        package var readings: Set<UnitWork.Reading> {
            if case .unit(_, let work?) = self { return work.readings }
            return []
        }
    }

    package struct Segment: Sendable {
        /// Index into the engine's devices; nil for the segment of a unit.
        package var device: Int?
        package var items: [Int]
    }

    package var items: [Item]
    /// The segments in the order in which they run; a unit is a segment of its own.
    package var segments: [Segment]
    /// The values of all frames, by number.
    package var values: [PlacedValue]
    package let frame: Int

    package var nodes: [PlacedNode] { items.compactMap(\.node) }
}

/// A placement graph with the placement that was chosen, and a report on it.
package struct Placed: Sendable {
    package let graph: PlacementGraph
    /// The placed work of each frame.
    package let works: [PlacedWork]
    package var report: PlacementReport

    package var nodes: [PlacedNode] { works.flatMap(\.nodes) }

    /// Device, node and variant of each node, as text: equal outlines mean equal placements of nodes.
    package var outline: [String] { nodes.map { "\($0.device)|\($0.view.label)|\($0.variant.name)" } }
}
