import WeftGraph
import WeftProvider

/// Decides where the work of a specialised graph runs.
struct Placer {
    let graph: Specialised
    let devices: [EngineDevice]
    let rules: PlacementRules
    let spaces: MemorySpaces
    /// The planned nodes; what they make for units and for the caller are its outputs.
    let view: GraphView

    init(_ graph: Specialised, devices: [EngineDevice], rules: PlacementRules) {
        self.graph = graph
        self.devices = devices
        self.rules = rules
        spaces = MemorySpaces(devices)
        var nodes: [NodeView] = []
        var outer: [Int] = graph.outputs
        for unit in graph.units {
            if case .planned(let view) = unit.kind {
                nodes.append(view)
            } else {
                outer += unit.inputs.filter { $0 != Node.absent }
            }
        }
        view = GraphView(nodes: nodes, inputs: graph.inputs, outputs: outer)
    }

    /// What the devices say of the nodes.
    var offers: Offers { Offers(view, devices: devices) }

    /// Asks the devices, then places. Throws `.unsupportedOperator` for a node that no device runs,
    /// `.placementForbidden` where rules leave none.
    func place() throws(WeftError) -> Placed { try place(offers) }

    /// Places by what the devices said, or as a recipe has it.
    ///
    /// By cost, and without a recipe, the result is never slower, by the prices, than any of the alternatives. Throws
    /// `.invalidPlan` for a recipe that asks for what no device offers.
    func place(_ offers: Offers, following recipe: PlacementRecipe? = nil) throws(WeftError) -> Placed {
        let drafts = try drafts(offers)
        guard let recipe else { return placed(drafts.chosen, drafts, offers) }
        let admission = drafts.admission
        let choices = try recipe.narrow(offers, drafts.choices, pins: admission.pins, spaces: spaces)
        let groups = try recipe.fusions(offers, pins: admission.pins)
        var draft = try Drafter(graph, offers: offers, spaces: spaces).draft(choices, groups: groups)
        if let order = recipe.order, admission.pins.allSatisfy({ $0 == nil }) || draft.isOrder(order) {
            draft = try draft.ordered(order, outputs: graph.outputs, spaces: spaces)
        }
        if recipe.splitsSegments { draft = draft.split }
        return placed(draft, drafts, offers, reasons: recipe.reasons)
    }

    /// The plans that may be raced, by name; where two of them are the same, the first alone.
    func rivals(_ offers: Offers) throws(WeftError) -> [(name: String, placed: Placed)] {
        let drafts = try drafts(offers)
        var rivals = [("optimal", drafts.chosen)]
        if rules.mode == .cost {
            if let hostOnly = drafts.alternatives.hostOnly { rivals.append(("host-only", hostOnly)) }
            rivals.append(("device-first", drafts.alternatives.deviceFirst))
        }
        return rivals.map { ($0, placed($1, drafts, offers)) }
    }

    /// What there is to choose from, and what was chosen.
    private struct Drafts {
        let admission: Admission
        let choices: [[Choice]]
        let alternatives: Alternatives
        let chosen: Draft
        let lowerBound: Double
    }

    private func drafts(_ offers: Offers) throws(WeftError) -> Drafts {
        let admission = Admission(offers, rules: rules, spaces: spaces)
        let choices = try admission.choices(units: dynamicUnits)
        let fusions = FusionChoice(offers.groups, choices: choices, pins: admission.pins, mode: .cost, spaces: spaces)
        let preferred = FusionChoice(
            offers.groups, choices: choices.map { Array($0.prefix(1)) }, pins: admission.pins, mode: .preference,
            spaces: spaces)
        let drafter = Drafter(graph, offers: offers, spaces: spaces)
        let alternatives = try Alternatives(
            drafter, choices: choices, fusions: fusions, preferred: preferred, spaces: spaces)
        var chosen = alternatives.greedy
        let problem = problem(fusions)
        let bound = lowerBound(offers, problem).seconds
        if rules.mode == .cost {
            chosen = try cheapest(drafter, choices, fusions, problem, alternatives, bound: bound)
        }
        return Drafts(
            admission: admission, choices: choices, alternatives: alternatives, chosen: chosen,
            lowerBound: bound)
    }

    private func placed(_ draft: Draft, _ drafts: Drafts, _ offers: Offers, reasons: [String] = []) -> Placed {
        let alternatives = drafts.alternatives
        var report = report(offers, drafts.admission, draft.nodes, reasons: reasons)
        addTimeline(of: draft, to: &report)
        report.comparison = .init(
            chosen: draft.seconds, hostOnly: alternatives.hostOnly?.seconds,
            deviceFirst: alternatives.deviceFirst.seconds, greedy: alternatives.greedy.seconds,
            lowerBound: drafts.lowerBound)
        return Placed(items: draft.items, blocks: draft.blocks, values: draft.values, report: report)
    }

    /// Nodes that run by themselves because values decide their shapes.
    private var dynamicUnits: [String] {
        graph.units.compactMap { unit in if case .dynamic(let node) = unit.kind { node.label } else { nil } }
    }

    private var dependencies: [[Int]] {
        view.nodes.map { node in
            node.inputs.compactMap { operand in operand.flatMap { view.producer(of: $0.value) } }
        }
    }

    /// The draft of the cut, the same with branches side by side, or an alternative that is cheaper when all is counted.
    private func cheapest(
        _ drafter: Drafter, _ choices: [[Choice]], _ fusions: FusionChoice, _ problem: PlacementProblem,
        _ alternatives: Alternatives, bound: Double
    ) throws(WeftError) -> Draft {
        var rivals = [alternatives.deviceFirst, alternatives.greedy]
        if let hostOnly = alternatives.hostOnly { rivals.insert(hostOnly, at: 0) }
        if spaces.count > 1 {
            let counted = fusions.disjoint(spaces: spaces.count)
            for labels in try chooseSpaces(problem, bound: bound).reversed() {
                guard alternatives.hostOnly == nil || labels.contains(where: { $0 != 0 }) else { continue }
                // What each node may run on now that its space is settled.
                let settled = zip(choices, labels).map { list, space in
                    list.filter { spaces.ofDevice[$0.device] == space }
                }
                rivals.insert(try drafter.draft(settled, fusions: fusions, counted: counted), at: 0)
            }
        }
        var best = rivals[0]
        for rival in rivals where rival.seconds < best.seconds { best = rival }
        return best
    }

    /// The spaces of the cut, of a cut to which every transfer costs half a launch too, or of the host alone: the
    /// quickest once segments are launched, after stretches went to their neighbours where that saves.
    ///
    /// Where devices work beside the host and the bound leaves room, also those with branches moved.
    private func chooseSpaces(_ problem: PlacementProblem, bound: Double) throws(WeftError) -> [[Int]] {
        do {
            let packed = try PackedProblem(problem)
            let simulation = PlanSimulation(packed, launch: spaces.launch, overlaps: spaces.overlaps)
            let graph = try SegmentGraph(dependencies: dependencies)
            let plan = try SegmentSearch(graph, simulation).place()
            var found = [plan.labels.map(\.space)]
            if spaces.overlaps.contains(true), plan.seconds > bound * Self.room {
                let orders = OverlapOrders(graph, dependencies: dependencies, overlaps: spaces.overlaps)
                let branched = BranchSearch(problem, simulation, orders, dependencies: dependencies)
                    .improve(plan.labels)
                if branched != plan.labels { found.append(branched.map(\.space)) }
            }
            return found
        } catch {
            throw WeftError(.internalInconsistency, "no placement was found: \(error)")
        }
    }

    /// A plan that is no further above the bound is good enough.
    private static let room = 1.03

    /// What the cut decides.
    private func problem(_ fusions: FusionChoice) -> PlacementProblem {
        PlacementProblem(
            view, values: graph.values, prices: fusions.prices, fusions: fusions.disjoint(spaces: spaces.count),
            spaces: spaces)
    }

    private func lowerBound(_ offers: Offers, _ problem: PlacementProblem) -> LowerBound {
        let groups = offers.groups.compactMap { group in
            group.choice.cheapest().map { way in
                LowerBound.Group(
                    members: group.members, space: spaces.ofDevice[group.choice.device], seconds: way.seconds)
            }
        }
        return LowerBound(
            problem, groups: groups, dependencies: dependencies,
            spaces: .init(lanes: spaces.overlaps.enumerated().map { $1 ? $0 : 0 }, launch: spaces.launch))
    }
}
