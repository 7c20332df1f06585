package import WeftGraph
package import WeftProvider

/// A graph and the bodies of its control flow, laid out as one: what placement decides about.
///
/// Nodes stand in the order they run, those of a body at the place of the unit that runs it. Values are numbered
/// throughout: what a body captures has the number that it has in its caller.
package struct PlacementGraph: Sendable {
    /// A graph that runs as a whole: the one that is called from outside, or a body of a unit.
    package struct Frame: Sendable {
        /// What runs it; nil for the graph that is called from outside.
        package let call: Call?
        /// How often it runs in one run of the whole.
        package let count: Double
        /// Its work; operands have the placement graph's numbers.
        package fileprivate(set) var units: [Specialised.Unit] = []
        package let inputs: [Int]
        package let outputs: [Int]
        /// Its planned nodes, by index into the placement graph's.
        package fileprivate(set) var nodes: [Int] = []
    }

    /// How a body comes to be run.
    package struct Call: Sendable {
        /// The frame of the unit that runs it, and the unit's index there.
        package let frame: Int
        package let unit: Int
        /// As its operator calls it.
        package let name: String
        package let graph: Graph
        /// What it is placed for.
        package let facts: [Fact]
        package let trips: TripCount
        /// Names it among all bodies: the units and bodies that it lies in, from the outside.
        package let path: [String]
    }

    package struct Value: Sendable {
        package let name: String
        package let type: ValueType?
        package let contents: Constant?
        /// The frame that it is made in, or given to.
        package let frame: Int
    }

    /// Callers before their bodies.
    package private(set) var frames: [Frame] = []
    package private(set) var values: [Value] = []
    /// By node, its frame.
    package private(set) var frameOfNode: [Int] = []
    /// All nodes; what they make for units and for callers are the outputs.
    package let view: GraphView
    /// Nodes of the model that were folded away.
    package let foldedCount: Int

    /// `body` specialises a body for what is known of its inputs. A body for which it gives nil, whose shapes are not
    /// known before it runs, or whose path is among `excluded`, is left to run time.
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

    /// The graph while its frames are laid out.
    private struct Builder {
        let excluded: Set<[String]>
        let body: (Graph, [Fact]) -> Specialised?
        var frames: [Frame] = []
        var values: [Value] = []
        var nodes: [NodeView] = []
        var frameOfNode: [Int] = []
        /// Values that units and callers read.
        var outer: [Int] = []

        /// Adds a graph; `given` are its values that its caller has, by number.
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

    /// The nodes that each node waits for.
    var dependencies: [[Int]] {
        view.nodes.map { node in
            node.inputs.compactMap { operand in operand.flatMap { view.producer(of: $0.value) } }
        }
    }
}
