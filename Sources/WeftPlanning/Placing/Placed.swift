import WeftGraph
package import WeftProvider

/// A node on its device, in the form that the device's provider compiles.
package struct PlacedNode: Sendable {
    package var view: NodeView
    /// Index into the engine's devices.
    package var device: Int
    package var variant: Variant
    package var price: Price
    package var seconds: Double { price.seconds }
    /// The planned nodes it stands for, by index into the placer's list; empty for a layout conversion.
    package var members: [Int]
    /// Devices that offered to run it in its memory space.
    package var able: [Int]
}

/// A value of placed work: conversions between layouts have values of their own.
package struct PlacedValue: Sendable {
    package var name: String
    package var type: ValueType?
    package var contents: Constant?
    package var layout: Layout = .plain
    /// The frame that it is made in, or given to.
    package var frame = 0

    package var byteCount: Int? {
        guard case .tensor(let type, .fixed(let shape)) = type, type != .string else { return nil }
        return layout.byteCount(type, shape)
    }
}

/// What the bodies of a control-flow unit take and read, once they are placed.
package struct UnitWork: Sendable {
    /// A value of the caller's that a body reads in the memory of a device of its own.
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
    /// Predicted, of all trips.
    var seconds = 0.0
    package var readings: Set<Reading> = []
}

/// A frame's work that has found its devices, and the order that it runs in.
package struct PlacedWork: Sendable {
    package enum Item: Sendable {
        case node(PlacedNode)
        /// A unit that runs by itself, and what its bodies take, where they are placed with the graph.
        case unit(Specialised.Unit, UnitWork?)

        package var node: PlacedNode? {
            if case .node(let node) = self { return node }
            return nil
        }

        /// Value numbers that the item reads, constants included, absent ones not.
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

        /// What bodies of a unit read in devices' memories.
        package var readings: Set<UnitWork.Reading> {
            if case .unit(_, let work?) = self { return work.readings }
            return []
        }
    }

    package struct Block: Sendable {
        /// Index into the engine's devices; nil for a unit.
        package var device: Int?
        package var items: [Int]
    }

    package var items: [Item]
    /// Blocks of items in the order they run; a unit is a block of its own.
    package var blocks: [Block]
    /// By number, those of all frames.
    package var values: [PlacedValue]
    package let frame: Int

    package var nodes: [PlacedNode] { items.compactMap(\.node) }
}

/// A placement graph whose work has found its devices.
package struct Placed: Sendable {
    package let graph: PlacementGraph
    /// By frame.
    package let works: [PlacedWork]
    package var report: PlacementReport

    package var nodes: [PlacedNode] { works.flatMap(\.nodes) }

    /// Who runs what how.
    package var outline: [String] { nodes.map { "\($0.device)|\($0.view.label)|\($0.variant.name)" } }
}
