package import WeftGraph
package import WeftProvider

/// A graph and the bodies of its control flow, laid out as one graph, which is then placed.
///
/// Nodes are in the order in which they run, those of a body at the place of the unit that calls it. Value numbers
/// are common to all frames: a value that a body captures has the number that it has in its caller.
package struct PlacementGraph: Sendable {
    /// A graph that is placed as a whole: the outermost one, or a body of a unit.
    package struct Frame: Sendable {
        /// How a unit calls it; nil for the outermost graph.
        package let call: Call?
        /// How often it runs in one run of the outermost graph, as expected.
        package let count: Double
        /// Its units; their operands have the placement graph's value numbers.
        package fileprivate(set) var units: [Specialised.Unit] = []
        package let inputs: [Int]
        package let outputs: [Int]
        /// Its planned nodes, by index into the placement graph's nodes.
        package fileprivate(set) var nodes: [Int] = []
    }

    /// How a unit calls a body.
    package struct Call: Sendable {
        /// The frame of the unit that calls it, and the unit's index there.
        package let frame: Int
        package let unit: Int
        /// The name of the body's attribute, such as `then_branch`.
        package let name: String
        package let graph: Graph
        /// The facts about its inputs that it is placed for.
        package let facts: [Fact]
        package let trips: TripCount
        /// Identifies it among all bodies: unit index and body name of each level, the outermost first.
        package let path: [String]
    }

    package struct Value: Sendable {
        package let name: String
        package let type: ValueType?
        package let contents: Constant?
        /// The frame in which it is made, or whose input or constant it is.
        package let frame: Int
    }

    /// All frames, callers before their bodies; the outermost graph is frame 0.
    package private(set) var frames: [Frame] = []
    package private(set) var values: [Value] = []
    /// The frame of each node.
    package private(set) var frameOfNode: [Int] = []
    /// All nodes of all frames. Its outputs are the values that units and callers read.
    package let view: GraphView
    /// How many of the model's nodes were folded, or removed because nothing reads them.
    package let foldedCount: Int

    /// `body` specialises a body for facts about its inputs.
    ///
    /// A body is left to run time if `body` returns nil, if its path is in `excluded`, if an input's shape is not known
    /// before it runs, or if a carried value changes its type from trip to trip.
    package init(
        _ graph: Specialised, leavingOut excluded: Set<[String]> = [],
        body: @escaping (Graph, [Fact]) -> Specialised? = { _, _ in nil }
    ) {
        foldedCount = graph.foldedCount
        var layout = Builder(excluded: excluded, body: body)
        layout.add(graph, call: nil, count: 1, given: [:])
        frames = layout.frames
        values = layout.values
        frameOfNode = layout.frameOfNode
        view = GraphView(nodes: layout.nodes, inputs: layout.frames[0].inputs, outputs: layout.outer)
    }

    /// Lays out frames one after the other.
    private struct Builder {
        let excluded: Set<[String]>
        let body: (Graph, [Fact]) -> Specialised?
        var frames: [Frame] = []
        var values: [Value] = []
        var nodes: [NodeView] = []
        var frameOfNode: [Int] = []
        /// Values that units and callers read, by number.
        var outer: [Int] = []

        /// Adds a graph as a frame; `given` maps numbers of its values to those of the caller's values that they are.
        mutating func add(_ graph: Specialised, call: Call?, count: Double, given: [Int: Int]) {
            let number = frames.count
            var numbers: [Int] = []
            numbers.reserveCapacity(graph.values.count)
            for (index, value) in graph.values.enumerated() {
                if let known = given[index] {
                    numbers.append(known)
                } else {
                    numbers.append(values.count)
                    values.append(
                        Value(name: value.name, type: value.type, contents: value.contents, frame: number))
                }
            }
            func renumber(_ value: Int) -> Int { value == Node.absent ? value : numbers[value] }
            func renumbered(_ operand: Operand?) -> Operand? {
                operand.map {
                    Operand(
                        value: renumber($0.value), type: $0.type, constant: $0.constant, wantsHost: $0.wantsHost,
                        layout: $0.layout)
                }
            }
            frames.append(
                Frame(
                    call: call, count: count, inputs: graph.inputs.map(renumber), outputs: graph.outputs.map(renumber)))
            outer += frames[number].outputs
            var units: [Specialised.Unit] = []
            for (index, original) in graph.units.enumerated() {
                var unit = original
                unit.inputs = original.inputs.map(renumber)
                unit.outputs = original.outputs.map(renumber)
                if case .planned(var view) = original.kind {
                    view.inputs = view.inputs.map(renumbered)
                    view.outputs = view.outputs.map(renumbered)
                    unit.kind = .planned(view)
                    frames[number].nodes.append(nodes.count)
                    nodes.append(view)
                    frameOfNode.append(number)
                } else {
                    outer += unit.inputs.filter { $0 != Node.absent }
                    if case .controlFlow(let node) = original.kind {
                        addBodies(of: node, original, index, graph, numbers, in: number)
                    }
                }
                units.append(unit)
            }
            frames[number].units = units
        }

        private mutating func addBodies(
            of node: Node, _ unit: Specialised.Unit, _ index: Int, _ graph: Specialised, _ numbers: [Int],
            in frame: Int
        ) {
            let inputs = unit.inputs.map { value in
                value == Node.absent
                    ? nil : graph.values[value].type.map { Fact(type: $0, contents: graph.values[value].contents) }
            }
            for entry in BodyFacts.all(of: node, inputs) {
                let path = (frames[frame].call?.path ?? []) + ["\(index)", entry.name]
                guard !excluded.contains(path), entry.facts.allSatisfy({ $0.type.byteCount != nil }),
                    let inner = body(entry.body, entry.facts),
                    BodyTypes.isSteady(node, entry.facts, inner.outputs.map { inner.values[$0].type })
                else { continue }
                var given: [Int: Int] = [:]
                for (value, outer) in zip(
                    inner.inputs.suffix(node.captureCount), unit.inputs.suffix(node.captureCount))
                where graph.values[outer].contents == nil { given[value] = numbers[outer] }
                let condition = node.opType == "Loop" ? inner.outputs.first.flatMap { inner.values[$0].contents } : nil
                let trips = TripCount(node, inputs, condition: condition)
                let call = Call(
                    frame: frame, unit: index, name: entry.name, graph: entry.body, facts: entry.facts, trips: trips,
                    path: path)
                add(inner, call: call, count: frames[frame].count * trips.count, given: given)
            }
        }
    }

    /// The frames of a unit's bodies.
    package func bodies(of frame: Int, unit: Int) -> [Int] {
        frames.indices.filter { frames[$0].call.map { $0.frame == frame && $0.unit == unit } ?? false }
    }

    /// The frames of all bodies that are called from a frame, at any depth; ascending.
    package func frames(inside frame: Int) -> [Int] {
        var inside: Set<Int> = [frame]
        // Callers come before their bodies.
        return frames.indices.filter { index in
            frames[index].call.map { inside.contains($0.frame) && inside.insert(index).inserted } ?? false
        }
    }

    /// For each node, the nodes that it waits for, by index.
    var dependencies: [[Int]] {
        view.nodes.map { node in
            node.inputs.compactMap { operand in operand.flatMap { view.producer(of: $0.value) } }
        }
    }
}
