import WeftGraph
import WeftPlacement
import WeftProvider

/// A placement of a whole graph, with layouts, order and predicted time.
struct Draft {
    /// The placed work of each frame.
    let works: [PlacedWork]
    /// Predicted seconds of one run of each frame: nodes, transfers and launches, placed bodies included.
    let frameSeconds: [Double]

    var seconds: Double { frameSeconds[0] }
    var nodes: [PlacedNode] { works.flatMap(\.nodes) }
    var values: [PlacedValue] { works[0].values }

    /// The same draft with a segment for every item; `frameSeconds` stay as they are.
    var split: Draft {
        let single = works.map { work in
            var copy = work
            copy.segments = work.segments.flatMap { segment in
                segment.items.map { PlacedWork.Segment(device: segment.device, items: [$0]) }
            }
            return copy
        }
        return Draft(works: single, frameSeconds: frameSeconds)
    }
}

/// Makes drafts: applies fusions, chooses layouts, orders the work and predicts its time.
struct Drafter {
    let graph: PlacementGraph
    let offers: Offers
    let spaces: MemorySpaces
    let constants: DerivedConstants

    /// The draft for choices that leave each node devices of one space only.
    ///
    /// `counted` are the fusions whose savings the placement counted; they are applied first.
    func draft(
        _ choices: [[Choice]], fusions: FusionChoice, counted: [FusionChoice.Candidate] = []
    ) throws(WeftError) -> Draft {
        let labels = choices.map { spaces.ofDevice[$0[0].device] }
        return try draft(choices, groups: fusions.choose(counted, labels: labels))
    }

    /// The same with the fusions given. `orders` are segments of items by frame; if a frame has none, prices decide.
    ///
    /// Throws `.invalidPlan` if an order does not fit the frame's work.
    func draft(
        _ choices: [[Choice]], groups: [Offers.Group], orders: [[[Int]]] = []
    ) throws(WeftError) -> Draft {
        var values = graph.values.map {
            PlacedValue(name: $0.name, type: $0.type, contents: $0.contents, frame: $0.frame)
        }
        var works = [PlacedWork?](repeating: nil, count: graph.frames.count)
        var seconds = [Double](repeating: 0, count: graph.frames.count)
        // Bodies come first: the time of the frame that calls them includes theirs.
        for number in graph.frames.indices.reversed() {
            let frame = graph.frames[number]
            let layouts = LayoutChoice(
                offers, spaces: spaces, choices: choices, fusions: groups, constants: constants, graph: graph,
                frame: number)
            var items: [PlacedWork.Item] = layouts.choose(&values).map { .node($0) }
            for (index, unit) in frame.units.enumerated() {
                if case .planned = unit.kind { continue }
                items.append(.unit(unit, unitWork(index, in: number, works, seconds)))
            }
            var work = PlacedWork(items: items, segments: [], values: values, frame: number)
            if number < orders.count {
                let simulation = WorkSimulation(work, outputs: frame.outputs, spaces: spaces)
                work.segments = try work.segments(recorded: orders[number])
                seconds[number] = simulation.seconds(work.segments)
            } else {
                (work.segments, seconds[number]) = try WorkOrder(spaces).order(work, outputs: frame.outputs)
            }
            works[number] = work
        }
        // The works of the first frames lack the values that conversions in later ones have added.
        let complete = works.compactMap { work -> PlacedWork? in
            var copy = work
            copy?.values = values
            return copy
        }
        return Draft(works: complete, frameSeconds: seconds)
    }

    /// The draft for a space for each node.
    func draft(_ labels: [Int], _ prospects: Prospects) throws(WeftError) -> Draft {
        try draft(
            settled(prospects.choices, labels), fusions: prospects.fusions,
            counted: prospects.fusions.disjoint(spaces: spaces.count))
    }

    /// The choices of each node whose device is in the node's space.
    func settled(_ choices: [[Choice]], _ labels: [Int]) -> [[Choice]] {
        zip(choices, labels).map { list, space in list.filter { spaces.ofDevice[$0.device] == space } }
    }

    /// The predicted seconds and the readings of a unit's bodies; nil if none was placed with the graph.
    private func unitWork(
        _ unit: Int, in frame: Int, _ works: [PlacedWork?], _ seconds: [Double]
    ) -> UnitWork? {
        let bodies = graph.bodies(of: frame, unit: unit)
        guard !bodies.isEmpty else { return nil }
        var result = UnitWork(unit: unit)
        for body in bodies {
            result.seconds += seconds[body] * (graph.frames[body].call?.trips.count ?? 0)
            guard let work = works[body] else { continue }
            for item in work.items {
                result.readings.formUnion(item.readings.filter { graph.values[$0.value].frame != body })
                guard let node = item.node, !spaces.isHost(node.device) else { continue }
                for case let operand? in node.view.inputs
                where operand.constant == nil && work.values[operand.value].frame != body {
                    result.readings.insert(.init(value: operand.value, device: node.device))
                }
            }
        }
        return result
    }
}
