import WeftGraph
import WeftProvider

/// One way to place a whole graph, down to layouts and order, with the time that it would take.
struct Draft {
    let work: PlacedWork
    /// Seconds of nodes, transfers and launches, by the prices.
    let seconds: Double
    /// By the placer's bodies.
    var bodies: [Draft] = []

    /// The same with a block for every item.
    var split: Draft {
        var copy = work
        copy.blocks = work.blocks.flatMap { block in
            block.items.map { PlacedWork.Block(device: block.device, items: [$0]) }
        }
        return Draft(work: copy, seconds: seconds, bodies: bodies)
    }

    var nodes: [PlacedNode] { work.nodes }
}

/// Works out placements: fuses, chooses layouts, orders, and says what the result takes.
struct Drafter {
    private let graph: Specialised
    private let offers: Offers
    private let spaces: MemorySpaces
    private let bodies: [Draft]
    private let works: [Int: BodyWork]
    private let lent: [Int]
    private let constants: DerivedConstants

    /// `works` are what units' drafted `bodies` take, by unit; `lent` are values that the caller brings to any space.
    init(
        _ graph: Specialised, offers: Offers, spaces: MemorySpaces, bodies: [Draft] = [],
        works: [Int: BodyWork] = [:], lent: [Int] = [], constants: DerivedConstants
    ) {
        self.constants = constants
        self.graph = graph
        self.offers = offers
        self.spaces = spaces
        self.bodies = bodies
        self.works = works
        self.lent = lent
    }

    /// `choices` leave each node devices of one space; `counted` are the fusions that the placement counts on.
    func draft(
        _ choices: [[Choice]], fusions: FusionChoice, counted: [FusionChoice.Candidate] = []
    ) throws(WeftError) -> Draft {
        let labels = choices.map { spaces.ofDevice[$0[0].device] }
        return try draft(choices, groups: fusions.choose(counted, labels: labels))
    }

    /// The same with the fusions given.
    func draft(_ choices: [[Choice]], groups: [Offers.Group]) throws(WeftError) -> Draft {
        let placed = LayoutChoice(
            offers, spaces: spaces, choices: choices, fusions: groups, constants: constants
        ).choose(graph.values)
        var items: [PlacedWork.Item] = placed.nodes.map { .node($0) }
        for (index, unit) in graph.units.enumerated() {
            if case .planned = unit.kind { continue }
            items.append(.unit(unit, works[index]))
        }
        var values = placed.values
        for value in lent { values[value].isLent = true }
        let order = try BlockOrder(spaces).order(items, values: values, outputs: graph.outputs)
        return Draft(
            work: PlacedWork(items: items, blocks: order.blocks, values: values), seconds: order.seconds,
            bodies: bodies)
    }
}
