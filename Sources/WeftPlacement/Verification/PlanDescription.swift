/// A plan as the verifier sees it: who runs where and when, what is brought where, and which bytes hold what.
///
/// Indices name nodes, values and steps; spaces, lanes and arenas are plain numbers. Absent operands are left out.
package struct PlanDescription: Sendable {
    package struct Node: Sendable {
        /// Empty where it is called by its number.
        package var name: String
        package var space: Int
        package var operands: ArraySlice<Int>
        package var results: ArraySlice<Int>
        /// The device it runs on, and all that offered to; nil where that is not at stake.
        package var device: Int?
        package var able: [Int]
        /// Values whose bytes it reads or writes in another space, which both sides see.
        package var touches: [Touch]
        /// How it takes and leaves values, constants and views included.
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

        /// One without a name, whose lists may be parts of a greater one.
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

    /// A value as a node's kernel was told that it lies in memory.
    package struct ValueLayout: Sendable, Hashable {
        package var value: Int
        package var layout: String

        package init(value: Int, layout: String) {
            self.value = value
            self.layout = layout
        }
    }

    package struct Value: Sendable {
        /// Empty where it is called by its number.
        package var name: String
        /// Spaces that hold it before the first step: a graph input's own, all spaces for a constant, none else.
        package var given: [Int]
        /// Spaces that must hold it after the last step.
        package var wanted: [Int]
        /// What it takes by its type, shape and layout; nil where that is not known.
        package var bytes: Int?
        /// How it lies in memory, the same in every space.
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
        /// The step before which somebody has waited for this one, so that other lanes see what it did; nil if it is
        /// over when the next step begins. The number of steps, or more, means that only the end of the run waits.
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
        /// The value whose memory this is a view of, in the same space: their lives count as one.
        package var viewOf: Int?
        /// A value that the producing step overwrites: it may lie in the same bytes if that step is its last use.
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
    /// Bytes of each arena that is known.
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
