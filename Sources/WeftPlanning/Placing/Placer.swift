import WeftGraph
import WeftPlacement
package import WeftProvider

/// Places a placement graph: decides the device, variant and order of its work.
package struct Placer {
    package let graph: PlacementGraph
    package let devices: [EngineDevice]
    package let rules: PlacementRules
    package let spaces: MemorySpaces
    /// The devices' answers about the nodes.
    package let offers: Offers
    /// What is taken on devices with limits, and the sizes of constants there.
    package let room: DeviceRoom
    /// Constants that were converted to other layouts.
    package let constants: DerivedConstants

    /// Asks all devices for their offers.
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

    /// A placer for the same graph and rules with other offers.
    func asking(_ offers: Offers) -> Placer {
        Placer(graph, offers: offers, devices: devices, rules: rules, room: room, constants: constants)
    }

    var view: GraphView { graph.view }
    private var drafter: Drafter { Drafter(graph: graph, offers: offers, spaces: spaces, constants: constants) }
    private var measure: DraftMeasure { DraftMeasure(graph: graph, devices: devices, room: room) }

    private func fitter(_ prospects: Prospects) -> MemoryFitter {
        MemoryFitter(drafter: drafter, measure: measure, prospects: prospects, rules: rules)
    }

    /// The paths of bodies with a node that no device may run; they cannot be placed with the graph.
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

    /// Places the graph by the offers, or as a recipe says.
    ///
    /// By cost, and without a recipe, the prediction is never slower than that of any alternative that fits. Throws
    /// `.unsupportedOperator` for a node that no device runs, `.placementForbidden` if the rules leave no device,
    /// `.invalidProvider` as `prospects` does, `.deviceMemoryExceeded` or `.outOfMemory` if no draft fits, and
    /// `.invalidPlan` for a recipe that the offers do not allow.
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
            // Pins that were added later may have changed the items, so that the recorded order no longer fits.
            guard error.code == .invalidPlan, !recipe.orders.isEmpty, pins.contains(where: { $0 != nil }) else {
                throw error
            }
            draft = try drafter.draft(choices, groups: groups)
        }
        if recipe.splitsSegments { draft = draft.split }
        return placed(draft, drafts, following: recipe)
    }

    /// The placements that tuning may compare by running them, by name; the chosen one comes first.
    ///
    /// Two of them may be equal.
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

    /// The drafts to choose from, and the chosen one.
    private struct Drafts {
        let prospects: Prospects
        let alternatives: Alternatives
        let chosen: Draft
        let lowerBound: Double
        /// The draft that was rejected because it does not fit into memory, and its need; nil if none was.
        let unlimited: (draft: Draft, need: DraftNeed?)?
    }

    /// `fits` tells whether the chosen draft has to fit into memory; a recipe's need not.
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

    /// The choices and fusions that the rules leave.
    ///
    /// Throws `.unsupportedOperator` and `.placementForbidden` as `Admission` does, and `.invalidProvider` for a layout
    /// that no device converts.
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

    /// The labels of the outermost graph's dynamic nodes.
    private var dynamicUnits: [String] {
        graph.frames[0].units.compactMap { unit in
            if case .dynamic(let node) = unit.kind { node.label } else { nil }
        }
    }

    /// The quickest draft: one of those for `chooseSpaces`, or an alternative.
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

    /// Placements that may be the best, each as a space for each node, the most promising first.
    ///
    /// They come from the cut, and from a cut in which each end of a transfer costs half a launch more; moving
    /// segments to their neighbours' spaces then saves launches.
    private func chooseSpaces(_ prospects: Prospects, bound: Double) throws(WeftError) -> [[Int]] {
        do {
            return graph.frames.count == 1
                ? try spacesOfOneFrame(prospects, bound: bound) : try spacesOfFrames(prospects)
        } catch {
            throw WeftError(.internalInconsistency, "no placement was found: \(error)")
        }
    }

    /// The spaces for a graph without placed bodies.
    ///
    /// If devices work beside the host and the plan is clearly above the bound, also those with branches moved.
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

    /// The spaces for several frames: one cut over all of them, then the search for segments in each frame alone.
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

    /// Branches are tried only if a plan takes more than the lower bound times this factor.
    private static let room = 1.03

    /// Seconds that no placement can beat. Bodies count once for each trip: trips run one after the other.
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
