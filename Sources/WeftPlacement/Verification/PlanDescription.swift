/// A plan in the form that the verifier checks: where and when nodes run, transfers, and the memory of values.
///
/// Nodes, values and steps are named by index; spaces, lanes and arenas are numbers. Absent operands are left out.
package struct PlanDescription: Sendable {
    package struct Node: Sendable {
        /// Empty for a node that is named by its number.
        package var name: String
        package var space: Int
        package var operands: ArraySlice<Int>
        package var results: ArraySlice<Int>
        /// The device that it runs on, and all devices that offered to run it; nil if that is not checked.
        package var device: Int?
        package var able: [Int]
        /// Values that it reads or writes in the memory of another space that both can see.
        package var touches: [Touch]
        /// The layouts in which it reads and writes values, constants and views included.
        package var layouts: [ValueLayout]

        package init(
            _ name: String, space: Int, operands: [Int], results: [Int], device: Int? = nil, able: [Int] = [],
            touches: [Touch] = [], layouts: [ValueLayout] = []
        ) {
            self.init(space: space, operands: operands[...], results: results[...])
            self.name = name
            self.device = device
            self.able = able
            self.touches = touches
            self.layouts = layouts
        }

        /// A node without a name; its lists may be slices of a longer one.
        package init(space: Int, operands: ArraySlice<Int>, results: ArraySlice<Int>) {
            name = ""
            self.space = space
            self.operands = operands
            self.results = results
            able = []
            touches = []
            layouts = []
        }
    }

    /// A value in one space.
    package struct Touch: Sendable, Hashable {
        package var value: Int
        package var space: Int

        package init(value: Int, space: Int) {
            self.value = value
            self.space = space
        }
    }

    /// The layout in which a node's kernel expects a value.
    package struct ValueLayout: Sendable, Hashable {
        package var value: Int
        package var layout: String

        package init(value: Int, layout: String) {
            self.value = value
            self.layout = layout
        }
    }

    package struct Value: Sendable {
        /// Empty for a value that is named by its number.
        package var name: String
        /// Spaces that hold it before the first step: its own for a graph input, all for a constant, else none.
        package var given: [Int]
        /// Spaces that must hold it after the last step.
        package var wanted: [Int]
        /// Bytes by its type, shape and layout; nil if not known.
        package var bytes: Int?
        /// Its layout, the same in every space.
        package var layout: String

        package init(
            _ name: String, given: [Int] = [], wanted: [Int] = [], bytes: Int? = nil, layout: String = "plain"
        ) {
            self.layout = layout
            self.name = name
            self.given = given
            self.wanted = wanted
            self.bytes = bytes
        }
    }

    /// What a step does.
    package enum Action: Sendable, Equatable {
        case run(node: Int)
        case transfer(value: Int, from: Int, to: Int)
    }

    package struct Step: Sendable {
        package var action: Action
        /// The time line it runs on; steps of one lane run in their order.
        package var lane: Int
        /// The step before which the plan waits for this one, so that other lanes see its results; nil if it is over
        /// when the next step begins. The number of steps, or more, means that only the end of the run waits for it.
        package var awaitedBy: Int?

        package init(_ action: Action, lane: Int = 0, awaitedBy: Int? = nil) {
            self.action = action
            self.lane = lane
            self.awaitedBy = awaitedBy
        }
    }

    /// The bytes of an arena that hold a value in one space; a value without a place owns its memory.
    package struct Place: Sendable {
        package var value: Int
        package var space: Int
        package var arena: Int
        package var offset: Int
        package var bytes: Int
        /// The value in the same space of whose memory this is a view; the lives of both count as one.
        package var viewOf: Int?
        /// A value that the producing step overwrites: both may lie in the same bytes if that step is its last use.
        package var replaces: Int?

        package init(
            value: Int, space: Int, arena: Int, offset: Int, bytes: Int, viewOf: Int? = nil, replaces: Int? = nil
        ) {
            self.value = value
            self.space = space
            self.arena = arena
            self.offset = offset
            self.bytes = bytes
            self.viewOf = viewOf
            self.replaces = replaces
        }
    }

    package var nodes: [Node]
    package var values: [Value]
    package var steps: [Step]
    package var places: [Place]
    /// The size in bytes of each arena whose size is known.
    package var arenas: [Int: Int]
    /// The space of each device that nodes name.
    package var spaceOfDevice: [Int]
    /// Predicted seconds of this plan and of the host-only plan; nil if they need not be compared.
    package var seconds: Double?
    package var hostOnlySeconds: Double?

    package func name(ofNode node: Int) -> String { nodes[node].name.isEmpty ? String(node) : nodes[node].name }

    package func name(ofValue value: Int) -> String { values[value].name.isEmpty ? String(value) : values[value].name }

    package init(
        nodes: [Node], values: [Value], steps: [Step], places: [Place] = [], arenas: [Int: Int] = [:],
        spaceOfDevice: [Int] = [], seconds: Double? = nil, hostOnlySeconds: Double? = nil
    ) {
        self.nodes = nodes
        self.values = values
        self.steps = steps
        self.places = places
        self.arenas = arenas
        self.spaceOfDevice = spaceOfDevice
        self.seconds = seconds
        self.hostOnlySeconds = hostOnlySeconds
    }
}
