import WeftGraph
import WeftPlacement
import WeftProvider

/// One way to place a whole graph, down to layouts and order, with the time that it would take.
struct Draft {
    /// By frame.
    let works: [PlacedWork]
    /// What one run of each frame takes: nodes, transfers and launches, by the prices.
    let frameSeconds: [Double]

    var seconds: Double { frameSeconds[0] }
    var nodes: [PlacedNode] { works.flatMap(\.nodes) }
    var values: [PlacedValue] { works[0].values }

    /// The same with a block for every item.
    var split: Draft {
        let single = works.map { work in
            var copy = work
            copy.blocks = work.blocks.flatMap { block in
                block.items.map { PlacedWork.Block(device: block.device, items: [$0]) }
            }
            return copy
        }
        return Draft(works: single, frameSeconds: frameSeconds)
    }
}

/// Works out placements: fuses, chooses layouts, orders, and says what the result takes.
struct Drafter {
    let graph: PlacementGraph
    let offers: Offers
    let spaces: MemorySpaces
    let constants: DerivedConstants

    /// `choices` leave each node devices of one space; `counted` are the fusions that the placement counts on.
    func draft(
        _ choices: [[Choice]], fusions: FusionChoice, counted: [FusionChoice.Candidate] = []
    ) throws(WeftError) -> Draft {
        let labels = choices.map { spaces.ofDevice[$0[0].device] }
        return try draft(choices, groups: fusions.choose(counted, labels: labels))
    }

    /// The same with the fusions given. `orders` are blocks of items by frame; where there are none, prices decide.
    ///
    /// Throws `.invalidPlan` where an order is none of the frame's work.
    func draft(
        _ choices: [[Choice]], groups: [Offers.Group], orders: [[[Int]]] = []
    ) throws(WeftError) -> Draft {
        var values = graph.values.map {
            PlacedValue(name: $0.name, type: $0.type, contents: $0.contents, frame: $0.frame)
        }
        var works = [PlacedWork?](repeating: nil, count: graph.frames.count)
        var seconds = [Double](repeating: 0, count: graph.frames.count)
        // Bodies first: what holds them waits for what they take.
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
            var work = PlacedWork(items: items, blocks: [], values: values, frame: number)
            if number < orders.count {
                let simulation = BlockSimulation(work, outputs: frame.outputs, spaces: spaces)
                work.blocks = try work.blocks(recorded: orders[number])
                seconds[number] = simulation.seconds(work.blocks)
            } else {
                (work.blocks, seconds[number]) = try BlockOrder(spaces).order(work, outputs: frame.outputs)
            }
            works[number] = work
        }
        // Conversions have numbered more values since the first frames were worked out.
        let complete = works.compactMap { work -> PlacedWork? in
            var copy = work
            copy?.values = values
            return copy
        }
        return Draft(works: complete, frameSeconds: seconds)
    }

    /// The draft of nodes whose spaces are settled.
    func draft(_ labels: [Int], _ prospects: Prospects) throws(WeftError) -> Draft {
        try draft(
            settled(prospects.choices, labels), fusions: prospects.fusions,
            counted: prospects.fusions.disjoint(spaces: spaces.count))
    }

    /// What each node may run on now that its space is settled.
    func settled(_ choices: [[Choice]], _ labels: [Int]) -> [[Choice]] {
        zip(choices, labels).map { list, space in list.filter { spaces.ofDevice[$0.device] == space } }
    }

    /// What the bodies of a unit take and read; nil where none was placed with the graph.
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
