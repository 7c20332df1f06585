import WeftGraph
import WeftPlacement
package import WeftProvider

/// Decides where the work of a placement graph runs.
package struct Placer {
    package let graph: PlacementGraph
    package let devices: [EngineDevice]
    package let rules: PlacementRules
    package let spaces: MemorySpaces
    /// What the devices say of the nodes.
    package let offers: Offers
    /// What devices with limits have left.
    package let room: DeviceRoom
    /// Constants in the layouts that variants ask for.
    package let constants: DerivedConstants

    /// Asks the devices.
    package init(
        _ graph: PlacementGraph, devices: [EngineDevice], rules: PlacementRules, room: DeviceRoom = DeviceRoom(),
        constants: DerivedConstants = DerivedConstants()
    ) {
        self.init(
            graph, offers: Offers(graph, devices: devices), devices: devices, rules: rules, room: room,
            constants: constants)
    }

    init(
        _ graph: PlacementGraph, offers: Offers, devices: [EngineDevice], rules: PlacementRules,
        room: DeviceRoom = DeviceRoom(), constants: DerivedConstants = DerivedConstants()
    ) {
        self.graph = graph
        self.offers = offers
        self.devices = devices
        self.rules = rules
        self.room = room
        self.constants = constants
        spaces = MemorySpaces(devices)
    }

    /// The same graph and rules with other answers.
    func asking(_ offers: Offers) -> Placer {
        Placer(graph, offers: offers, devices: devices, rules: rules, room: room, constants: constants)
    }

    var view: GraphView { graph.view }
    private var drafter: Drafter { Drafter(graph: graph, offers: offers, spaces: spaces, constants: constants) }
    private var measure: DraftMeasure { DraftMeasure(graph: graph, devices: devices, room: room) }

    private func fitter(_ prospects: Prospects) -> MemoryFitter {
        MemoryFitter(drafter: drafter, measure: measure, prospects: prospects, rules: rules)
    }

    /// Bodies with a node that no device may run: they cannot be placed with the graph.
    package var strandedBodies: Set<[String]> {
        guard graph.frames.count > 1 else { return [] }
        let admission = Admission(offers, rules: rules, spaces: spaces)
        var stranded: Set<[String]> = []
        for frame in graph.frames {
            guard let path = frame.call?.path, !frame.nodes.allSatisfy(admission.isPlaceable) else { continue }
            stranded.insert(path)
        }
        return stranded
    }

    /// Places by what the devices said, or as a recipe has it.
    ///
    /// By cost, and without a recipe, the result is never slower, by the prices, than any of the alternatives. Throws
    /// `.unsupportedOperator` for a node that no device runs, `.placementForbidden` where rules leave none, and
    /// `.invalidPlan` for a recipe that asks for what no device offers.
    package func place(following recipe: PlacementRecipe? = nil) throws(WeftError) -> Placed {
        let drafts = try drafts(fits: recipe == nil)
        guard let recipe else { return placed(drafts.chosen, drafts) }
        let pins = drafts.prospects.admission.pins
        let choices = try recipe.narrow(offers, drafts.prospects.choices, pins: pins, spaces: spaces)
        let groups = try recipe.fusions(offers, pins: pins)
        var draft: Draft
        do {
            draft = try drafter.draft(choices, groups: groups, orders: recipe.orders)
        } catch {
            // Pins that came later may have changed what there is to order.
            guard error.code == .invalidPlan, !recipe.orders.isEmpty, pins.contains(where: { $0 != nil }) else {
                throw error
            }
            draft = try drafter.draft(choices, groups: groups)
        }
        if recipe.splitsSegments { draft = draft.split }
        return placed(draft, drafts, following: recipe)
    }

    /// The plans that may be raced, by name; where two of them are the same, the first alone.
    package func rivals() throws(WeftError) -> [(name: String, placed: Placed)] {
        let drafts = try drafts()
        var rivals = [("optimal", drafts.chosen)]
        if rules.mode == .cost {
            if let hostOnly = drafts.alternatives.hostOnly { rivals.append(("host-only", hostOnly)) }
            let first = drafts.alternatives.deviceFirst
            if measure.surelyFits(first) || measure.need(of: first)?.fits ?? false {
                rivals.append(("device-first", first))
            }
        }
        return rivals.map { ($0, placed($1, drafts)) }
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
    private func drafts(fits: Bool = true) throws(WeftError) -> Drafts {
        let prospects = try prospects()
        let alternatives = try Alternatives(drafter, prospects)
        let bound = lowerBound(prospects)
        let chosen =
            rules.mode == .cost ? try cheapest(prospects, alternatives, bound: bound) : alternatives.greedy
        let fit = fits ? try fitter(prospects).fit(chosen, alternatives) : MemoryFit(draft: chosen)
        return Drafts(
            prospects: prospects, alternatives: alternatives, chosen: fit.draft, lowerBound: bound,
            unlimited: fit.unlimited)
    }

    /// What the rules leave of the offers. Throws `.unsupportedOperator` and `.placementForbidden` as `Admission` does,
    /// `.invalidProvider` for a layout that nobody converts.
    func prospects() throws(WeftError) -> Prospects {
        try LayoutConversions(offers: offers, spaces: spaces).check()
        let admission = Admission(offers, rules: rules, spaces: spaces)
        let choices = try admission.choices(units: dynamicUnits)
        return Prospects(
            admission: admission, choices: choices,
            fusions: FusionChoice(
                offers.groups, choices: choices, pins: admission.pins, mode: .cost, spaces: spaces),
            preferred: FusionChoice(
                offers.groups, choices: choices.map { Array($0.prefix(1)) }, pins: admission.pins, mode: .preference,
                spaces: spaces))
    }

    private func placed(_ draft: Draft, _ drafts: Drafts, following recipe: PlacementRecipe? = nil) -> Placed {
        let alternatives = drafts.alternatives
        let fitter = fitter(drafts.prospects)
        let kept = drafts.unlimited.map { fitter.keptOff(from: $0.draft, $0.need, in: draft) } ?? [:]
        var report = report(draft, drafts.prospects.admission, keptOff: kept, following: recipe)
        addTimeline(of: draft, to: &report)
        report.comparison = .init(
            chosen: draft.seconds, hostOnly: alternatives.hostOnly?.seconds,
            deviceFirst: alternatives.deviceFirst.seconds, greedy: alternatives.greedy.seconds,
            lowerBound: drafts.lowerBound)
        if let unlimited = drafts.unlimited { report.unlimited = fitter.unlimited(unlimited.draft, unlimited.need) }
        return Placed(graph: graph, works: draft.works, report: report)
    }

    /// Nodes that run by themselves because values decide their shapes.
    private var dynamicUnits: [String] {
        graph.frames[0].units.compactMap { unit in
            if case .dynamic(let node) = unit.kind { node.label } else { nil }
        }
    }

    /// The draft of the cut, the same with branches side by side, or an alternative that is cheaper when all is counted.
    private func cheapest(
        _ prospects: Prospects, _ alternatives: Alternatives, bound: Double
    ) throws(WeftError) -> Draft {
        var rivals = [alternatives.deviceFirst, alternatives.greedy]
        if let hostOnly = alternatives.hostOnly { rivals.insert(hostOnly, at: 0) }
        if spaces.count > 1 {
            let mayKeepToHost = prospects.mayKeepToHost(spaces)
            var drafts: [Draft] = []
            for labels in try chooseSpaces(prospects, bound: bound) {
                if mayKeepToHost, labels.allSatisfy({ $0 == 0 }) { continue }
                drafts.append(try drafter.draft(labels, prospects))
            }
            rivals = drafts + rivals
        }
        var best = rivals[0]
        for rival in rivals where rival.seconds < best.seconds { best = rival }
        return best
    }

    /// The spaces that may be best, by node, the likeliest first: those of the cut, and of a cut to which every
    /// transfer costs half a launch too, after stretches went to their neighbours where that saves launches.
    private func chooseSpaces(_ prospects: Prospects, bound: Double) throws(WeftError) -> [[Int]] {
        do {
            return graph.frames.count == 1
                ? try spacesOfOneFrame(prospects, bound: bound) : try spacesOfFrames(prospects)
        } catch {
            throw WeftError(.internalInconsistency, "no placement was found: \(error)")
        }
    }

    /// Where devices work beside the host and the bound leaves room, also those with branches moved.
    private func spacesOfOneFrame(
        _ prospects: Prospects, bound: Double
    ) throws(PartitioningError) -> [[Int]] {
        let problem = graph.problem(prospects.fusions, spaces: spaces)
        let packed = try PackedProblem(problem)
        let simulation = PlanSimulation(packed, launch: spaces.launch, overlaps: spaces.overlaps)
        let dependencies = graph.dependencies
        let order = try SegmentGraph(dependencies: dependencies)
        let plan = try SegmentSearch(order, simulation).place()
        var found = [plan.labels.map(\.space)]
        if spaces.overlaps.contains(true), plan.seconds > bound * Self.room {
            let orders = OverlapOrders(order, dependencies: dependencies, overlaps: spaces.overlaps)
            let branched = BranchSearch(problem, simulation, orders, dependencies: dependencies).improve(plan.labels)
            if branched != plan.labels { found.append(branched.map(\.space)) }
        }
        return found
    }

    /// One cut decides for all frames; each by itself then gives stretches to their neighbours.
    private func spacesOfFrames(_ prospects: Prospects) throws(PartitioningError) -> [[Int]] {
        let problem = graph.problem(prospects.fusions, spaces: spaces)
        var seen: Set<[Int]> = []
        var found: [[Int]] = []
        for problem in [problem, problem.charging(spaces.launch.map { $0 / 2 })] {
            let cut = try problem.solve().spaces
            var improved = cut
            for (number, frame) in graph.frames.enumerated() where !frame.nodes.isEmpty {
                let search = SegmentSearch(
                    try SegmentGraph(dependencies: graph.dependencies(in: number)),
                    PlanSimulation(
                        graph.problem(prospects.fusions, spaces: spaces, frame: number), launch: spaces.launch,
                        overlaps: spaces.overlaps))
                let labels = frame.nodes.map { SegmentLabel(space: cut[$0], provider: 0) }
                for (node, label) in zip(frame.nodes, search.improve(labels).labels) { improved[node] = label.space }
            }
            for labels in [cut, improved] where seen.insert(labels).inserted { found.append(labels) }
        }
        return found
    }

    /// A plan that is no further above the bound is good enough.
    private static let room = 1.03

    /// What no placement can beat. The host waits for units' bodies, trip by trip.
    private func lowerBound(_ prospects: Prospects) -> Double {
        let groups = offers.groups.compactMap { group in
            group.choice.cheapest().map { way in
                let count = graph.frames[graph.frameOfNode[group.members[0]]].count
                return LowerBound.Group(
                    members: group.members, space: spaces.ofDevice[group.choice.device], seconds: way.seconds * count)
            }
        }
        return LowerBound(
            graph.problem(prospects.fusions, spaces: spaces), groups: groups, dependencies: graph.dependencies,
            spaces: .init(lanes: spaces.overlaps.enumerated().map { $1 ? $0 : 0 }, launch: spaces.launch)
        ).seconds
    }
}
