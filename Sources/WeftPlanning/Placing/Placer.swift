import WeftGraph
import WeftPlacement
package import WeftProvider

/// Decides where the work of a specialised graph runs.
package struct Placer {
    package let graph: Specialised
    /// Those of its control flow's bodies that are placed with it.
    package let bodies: [PlacerBody]
    /// Its inputs that the caller brings to wherever they are read.
    package let lent: [Int]
    package let devices: [EngineDevice]
    package let rules: PlacementRules
    package let spaces: MemorySpaces
    /// The planned nodes; what they make for units and for the caller are its outputs.
    package let view: GraphView
    /// What devices with limits have left.
    package let room: DeviceRoom
    /// Constants in the layouts that variants ask for.
    package let constants: DerivedConstants

    package init(
        _ graph: Specialised, bodies: [PlacerBody] = [], lent: [Int] = [], devices: [EngineDevice],
        rules: PlacementRules, room: DeviceRoom = DeviceRoom(), constants: DerivedConstants = DerivedConstants()
    ) {
        self.room = room
        self.constants = constants
        self.graph = graph
        self.bodies = bodies
        self.lent = lent
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
    package var offers: Offers { Offers(view, devices: devices) }

    /// Asks the devices, then places. Throws `.unsupportedOperator` for a node that no device runs,
    /// `.placementForbidden` where rules leave none.
    package func place() throws(WeftError) -> Placed { try place(offers) }

    /// Places by what the devices said, or as a recipe has it.
    ///
    /// By cost, and without a recipe, the result is never slower, by the prices, than any of the alternatives. Throws
    /// `.invalidPlan` for a recipe that asks for what no device offers.
    package func place(_ offers: Offers, following recipe: PlacementRecipe? = nil) throws(WeftError) -> Placed {
        let drafts = try drafts(offers, fits: recipe == nil)
        guard let recipe else { return placed(drafts.chosen, drafts, offers) }
        let prospects = drafts.prospects
        let pins = prospects.admission.pins
        let choices = try recipe.narrow(offers, prospects.choices, pins: pins, spaces: spaces)
        let groups = try recipe.fusions(offers, pins: pins)
        var draft = try drafter(offers, drafts.chosen.bodies).draft(choices, groups: groups)
        if let order = recipe.order, pins.allSatisfy({ $0 == nil }) || draft.isOrder(order) {
            draft = try draft.ordered(order, outputs: graph.outputs, spaces: spaces)
        }
        if recipe.splitsSegments { draft = draft.split }
        var placed = placed(draft, drafts, offers, reasons: recipe.reasons)
        recipe.noteKeptOff(in: &placed.report)
        return placed
    }

    /// The plans that may be raced, by name; where two of them are the same, the first alone.
    package func rivals(_ offers: Offers) throws(WeftError) -> [(name: String, placed: Placed)] {
        let drafts = try drafts(offers)
        var rivals = [("optimal", drafts.chosen)]
        if rules.mode == .cost {
            if let hostOnly = drafts.alternatives.hostOnly { rivals.append(("host-only", hostOnly)) }
            let first = drafts.alternatives.deviceFirst
            if surelyFits(first) || need(of: first)?.fits ?? false { rivals.append(("device-first", first)) }
        }
        return rivals.map { ($0, placed($1, drafts, offers)) }
    }

    /// What there is to choose from, and what was chosen.
    private struct Drafts {
        let prospects: Prospects
        let alternatives: Alternatives
        let chosen: Draft
        let lowerBound: Double
        /// The draft that was taken back because devices have no room for it, and its need.
        let unlimited: (draft: Draft, need: DraftNeed?)?
    }

    /// Only what is chosen here has to fit, not what a recipe asks for.
    private func drafts(_ offers: Offers, fits: Bool = true) throws(WeftError) -> Drafts {
        let prospects = try prospects(offers)
        let alternatives = try Alternatives(self, prospects)
        let bound = lowerBound(prospects)
        let chosen =
            rules.mode == .cost ? try cheapest(prospects, alternatives, bound: bound) : alternatives.greedy
        let fit = fits ? try fit(chosen, prospects, alternatives) : MemoryFit(draft: chosen)
        return Drafts(
            prospects: prospects, alternatives: alternatives, chosen: fit.draft, lowerBound: bound,
            unlimited: fit.unlimited)
    }

    private func placed(_ draft: Draft, _ drafts: Drafts, _ offers: Offers, reasons: [String] = []) -> Placed {
        let alternatives = drafts.alternatives
        var placed = placed(draft, drafts.prospects, reasons: reasons)
        addTimeline(of: draft, to: &placed.report)
        placed.report.comparison = .init(
            chosen: draft.seconds, hostOnly: alternatives.hostOnly?.seconds,
            deviceFirst: alternatives.deviceFirst.seconds, greedy: alternatives.greedy.seconds,
            lowerBound: drafts.lowerBound)
        if let unlimited = drafts.unlimited { note(unlimited.draft, unlimited.need, draft.nodes, in: &placed.report) }
        return placed
    }

    /// A draft with what is told of it, bodies first.
    private func placed(_ draft: Draft, _ prospects: Prospects, reasons: [String] = []) -> Placed {
        let inner = zip(zip(bodies, prospects.bodies), draft.bodies).map { known, draft in
            let (body, prospects) = known
            return Placed.Body(
                unit: body.unit, name: body.name, graph: body.graph, facts: body.facts, trips: body.trips,
                specialised: body.placer.graph, placed: body.placer.placed(draft, prospects))
        }
        let report = report(
            prospects.offers, prospects.admission, draft.nodes, reasons: reasons, bodies: inner,
            works: works(draft.bodies))
        return Placed(work: draft.work, report: report, bodies: inner)
    }

    /// Nodes that run by themselves because values decide their shapes.
    var dynamicUnits: [String] {
        graph.units.compactMap { unit in if case .dynamic(let node) = unit.kind { node.label } else { nil } }
    }

    var dependencies: [[Int]] {
        view.nodes.map { node in
            node.inputs.compactMap { operand in operand.flatMap { view.producer(of: $0.value) } }
        }
    }

    /// The draft of the cut, the same with branches side by side, or an alternative that is cheaper when all is counted.
    private func cheapest(
        _ prospects: Prospects, _ alternatives: Alternatives, bound: Double
    ) throws(WeftError) -> Draft {
        var rivals = [alternatives.deviceFirst, alternatives.greedy]
        if let hostOnly = alternatives.hostOnly { rivals.insert(hostOnly, at: 0) }
        if spaces.count > 1 {
            rivals = (bodies.isEmpty ? try cutDrafts(prospects, bound: bound) : try jointDrafts(prospects)) + rivals
        }
        var best = rivals[0]
        for rival in rivals where rival.seconds < best.seconds { best = rival }
        return best
    }

    /// What the cut makes of a graph without bodies, the likeliest first; the host-only plan is left out.
    private func cutDrafts(_ prospects: Prospects, bound: Double) throws(WeftError) -> [Draft] {
        let counted = prospects.fusions.disjoint(spaces: spaces.count)
        let mayKeepToHost = prospects.mayKeepToHost(spaces)
        var drafts: [Draft] = []
        for labels in try chooseSpaces(problem(prospects.fusions), bound: bound) {
            if mayKeepToHost, labels.allSatisfy({ $0 == 0 }) { continue }
            // What each node may run on now that its space is settled.
            let settled = zip(prospects.choices, labels).map { list, space in
                list.filter { spaces.ofDevice[$0.device] == space }
            }
            drafts.append(
                try draft(prospects) { Settled(choices: settled, fusions: $0.fusions, counted: counted) })
        }
        return drafts
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

    /// What the cut decides for this graph alone; what is lent to it crosses for its caller.
    func problem(_ fusions: FusionChoice) -> PlacementProblem {
        var values = graph.values
        for value in lent { values[value].type = nil }
        return PlacementProblem(
            view, values: values, prices: fusions.prices, fusions: fusions.disjoint(spaces: spaces.count),
            spaces: spaces)
    }

    /// What no placement can beat. The host waits for units' bodies, trip by trip.
    private func lowerBound(_ prospects: Prospects) -> Double {
        let groups = prospects.offers.groups.compactMap { group in
            group.choice.cheapest().map { way in
                LowerBound.Group(
                    members: group.members, space: spaces.ofDevice[group.choice.device], seconds: way.seconds)
            }
        }
        let bound = LowerBound(
            problem(prospects.fusions), groups: groups, dependencies: dependencies,
            spaces: .init(lanes: spaces.overlaps.enumerated().map { $1 ? $0 : 0 }, launch: spaces.launch))
        let inner = zip(bodies, prospects.bodies).reduce(0) { $0 + $1.0.placer.lowerBound($1.1) * $1.0.trips.count }
        return max(bound.seconds, spaces.overlaps.contains(true) ? inner : bound.load + inner)
    }
}
