import WeftExecution
import WeftGraph
import WeftInterpreter
import WeftPlanning
import WeftProvider

/// Measures a model's nodes on the devices they may run on, makes plans with the measured prices, and races them.
struct Tuner {
    private let planner: Planner
    private let data: [Datum]
    private let budget: MemoryBudget
    private let options: TuningOptions
    private let specialised: Specialised
    private let title: String
    private let progress: (String) -> Void
    /// The share of devices' memory limits that placements leave free.
    ///
    /// With a segment for each node, plans need more memory than with the same nodes in larger segments.
    private var margin = 0.0
    private let start = ContinuousClock.now
    /// Seconds above which a run needs no warming up and is not repeated often.
    private static let slow = 0.5

    init(
        _ planner: Planner, _ graph: Graph, _ data: [Datum], budget: MemoryBudget, options: TuningOptions,
        progress: @escaping (String) -> Void
    ) throws(WeftError) {
        self.planner = planner
        self.data = data
        self.budget = budget
        self.options = options
        self.progress = progress
        specialised = try planner.specialise(graph, data)
        title = planner.title(graph, data)
    }

    private var devices: [EngineDevice] { planner.devices }
    private var elapsed: Double { (ContinuousClock.now - start).seconds }

    private func placer(_ devices: [EngineDevice]) -> Placer {
        var room = planner.memory.room(isInner: false)
        for (index, device) in devices.enumerated() {
            guard let limit = device.memoryLimit else { continue }
            // Plans that are measured are dropped afterwards, so each may use the memory of the others.
            room.taken[index] = Int(Double(limit) * margin)
            room.sizes[index]?.used = [:]
        }
        return planner.placer(specialised, devices: devices, room: room)
    }

    private func build(_ placed: Placed, _ devices: [EngineDevice]) throws(WeftError) -> ReadyPlan {
        _ = planner.memory.dropUnused()
        let room = planner.memory.room(isInner: false)
        let plan = try planner.build(placed, devices, title: title, room: room)
        try planner.memory.check(plan, isInner: false)
        return planner.ready(plan)
    }

    /// Measures, races, and returns the winner. Throws what placing, building and running throw.
    mutating func tune() throws(WeftError) -> Tuning {
        progress("measuring nodes")
        // Plans hold their weights on devices, so they are dropped when they have been measured.
        var (base, plans) = try basis()
        let placer = placer(devices)
        let recipes = try placer.tuningRecipes(base: base)
        var times = NodeTimes()
        var skipped = 0
        for recipe in recipes {
            if elapsed > options.measuring * 0.6 {
                skipped += 1
            } else {
                if let plan = try fitting({ () throws(WeftError) in try warm(recipe, placer) }) {
                    plans.append(plan)
                } else {
                    skipped += 1
                }
            }
        }
        try repeatRuns(plans, until: options.measuring)
        let overhead = overhead(whole: plans[0], split: plans[1])
        for plan in plans.dropFirst() { times.add(plan, devices: devices, overhead: overhead) }
        var transferTimes = TransferTimes()
        for plan in plans { try add(plan, to: &transferTimes) }
        var runs = plans.reduce(0) { $0 + $1.walls.count }
        var tuned = prices(times, transferTimes, overhead, rest: plans[1].rest)

        // A placement by measured prices may have nodes that no plan has run yet: conversions, other fusions.
        for _ in 0..<3 {
            let better = tunedDevices(tuned)
            let placed = try self.placer(better).place()
            let unknown = placed.nodes.contains { !times.contains(NodeTimes.way($0, better[$0.device])) }
            guard unknown, elapsed < options.measuring * 1.5 || plans[0].walls.allSatisfy({ $0 < Self.slow }) else {
                break
            }
            var recipe = placed.recipe
            recipe.splitsSegments = true
            guard let plan = try fitting({ () throws(WeftError) in try warm(recipe, placer) }) else {
                skipped += 1
                break
            }
            try repeatRuns([plan], until: elapsed + options.measuring * 0.15)
            times.add(plan, devices: devices, overhead: overhead)
            try add(plan, to: &transferTimes)
            runs += plan.walls.count
            tuned = prices(times, transferTimes, overhead, rest: plans[1].rest)
        }
        plans = []
        return try race(tuned, base: base, ways: times.count, runs: runs, skipped: skipped)
    }

    // MARK: Measuring

    /// The plan that would be taken without tuning, and the same with a segment for each node.
    ///
    /// Both fit into memory and have run. If they do not fit, more memory is left free in a further attempt.
    private mutating func basis() throws(WeftError) -> (base: PlacementRecipe, plans: [TimedPlan]) {
        while true {
            do {
                let placer = placer(devices)
                let first = try placer.place()
                let base = first.recipe
                var split = base
                split.splitsSegments = true
                let plans = [TimedPlan(try build(first, devices), first), try timed(split, placer)]
                for plan in plans { try warmUp(plan) }
                return (base, plans)
            } catch {
                guard error.code == .deviceMemoryExceeded, margin < 0.7 else { throw error }
                margin = margin * 2 + 0.1
                _ = planner.memory.dropUnused()
            }
        }
    }

    /// The result of `make`; nil if a device has no room for it beside what it holds.
    private func fitting<Made>(_ make: () throws(WeftError) -> Made) throws(WeftError) -> Made? {
        do { return try make() } catch {
            guard error.code == .deviceMemoryExceeded else { throw error }
            return nil
        }
    }

    private func warm(_ recipe: PlacementRecipe, _ placer: Placer) throws(WeftError) -> TimedPlan {
        let plan = try timed(recipe, placer)
        try warmUp(plan)
        return plan
    }

    private func timed(_ recipe: PlacementRecipe, _ placer: Placer) throws(WeftError) -> TimedPlan {
        let placed = try placer.place(following: recipe)
        return TimedPlan(try build(placed, devices), placed, isSplit: recipe.splitsSegments)
    }

    /// Runs a plan once, to load pages and pack constants. Its time counts only if runs are long.
    private func warmUp(_ plan: TimedPlan) throws(WeftError) {
        if try plan.run(planner, data, budget: budget) < Self.slow { plan.forgetRuns() }
    }

    /// Runs all plans in turns: three times, then on until `moment` (seconds since the start), at most 15 times.
    private func repeatRuns(_ plans: [TimedPlan], until moment: Double) throws(WeftError) {
        for round in 0..<15 {
            for plan in plans {
                if round >= 3 && elapsed > moment { return }
                // Long runs vary little, so repeating them is not worth the time.
                if elapsed > moment, let wall = plan.walls.first, wall > Self.slow { continue }
                try plan.run(planner, data, budget: budget)
            }
        }
    }

    /// The time to start a segment, by device: what a plan loses for each segment more when every node has its own.
    private func overhead(whole: TimedPlan, split: TimedPlan) -> [Int: Price] {
        var result: [Int: Price] = [:]
        for index in devices.indices {
            let (a, b) = (whole.segments(on: index), split.segments(on: index))
            guard b.count > a.count, a.count > 0 else { continue }
            let more = Double(b.count - a.count)
            guard let lost = Sample(zip(a.seconds, b.seconds).map { ($1 - $0) / more }),
                let all = Sample(b.seconds)
            else { continue }
            // On the host, starting is a function call; more than that is noise.
            let most = devices[index].description.isHost ? 2e-6 : all.median / Double(b.count)
            result[index] = Price(min(max(0, lost.median), most), of: lost, source: .tuned)
        }
        return result
    }

    private func prices(
        _ times: NodeTimes, _ transferTimes: TransferTimes, _ overhead: [Int: Price], rest: Sample?,
        into known: TunedPrices = TunedPrices()
    ) -> TunedPrices {
        var tuned = known
        times.prices(into: &tuned)
        transferTimes.prices(into: &tuned)
        for (index, price) in overhead where !devices[index].description.isHost {
            tuned.segments[devices[index].description.id] = price
        }
        if let rest { tuned.rest = Price(rest.median, of: rest, source: .tuned) }
        return tuned
    }

    /// Adds the times of a plan's transfers. Devices with memory of their own report them in extra runs.
    private func add(_ plan: TimedPlan, to transferTimes: inout TransferTimes) throws(WeftError) {
        guard plan.copies(devices) else { return transferTimes.add(plan, devices: devices) }
        let asked = TimedPlan(plan.ready, plan.placed)
        for _ in 0..<((plan.walls.first ?? 0) > Self.slow ? 1 : 3) {
            try asked.run(planner, data, budget: budget, asksForCopies: true)
        }
        transferTimes.add(asked, devices: devices)
    }

    private func tunedDevices(_ tuned: TunedPrices) -> [EngineDevice] { devices.map { $0.tuned(by: tuned) } }

    // MARK: Racing

    private func race(
        _ known: TunedPrices, base: PlacementRecipe, ways: Int, runs: Int, skipped: Int
    ) throws(WeftError) -> Tuning {
        progress("racing plans")
        let better = tunedDevices(known)
        var lanes: [(name: String, placed: Placed, plan: TimedPlan, others: [String])] = []
        // Plans in the race are in memory together; one that does not fit beside the earlier ones is left out.
        func enter(_ name: String, _ placed: Placed) throws(WeftError) {
            guard let plan = try fitting({ () throws(WeftError) in TimedPlan(try build(placed, better), placed) })
            else {
                return
            }
            if let same = lanes.firstIndex(where: { $0.plan.outline == plan.outline }) {
                lanes[same].others.append(name)
            } else {
                lanes.append((name, placed, plan, []))
            }
        }
        let placer = placer(better)
        for (name, placed) in try placer.rivals() {
            try enter(name, placed)
        }
        try enter("untuned", try placer.place(following: base))
        guard !lanes.isEmpty else {
            throw WeftError(
                .deviceMemoryExceeded, "no plan has room on its devices beside what the session holds there",
                hint: "raise the session's limit of device memory")
        }
        let race = Race(
            lanes.count, seconds: options.racing, least: planner.rules.mode == .cost ? 6 : 3)
        try race.run { index throws(WeftError) in try lanes[index].plan.run(planner, data, budget: budget) }
        let host = lanes.firstIndex { $0.name == "host-only" || $0.others.contains("host-only") }
        let winner = race.winner(home: planner.rules.mode == .cost ? host : nil)

        let rivals = lanes.indices.compactMap { index -> Tuning.Rival? in
            let lane = lanes[index]
            return race.measured(index).map { measured in
                Tuning.Rival(
                    name: lane.name,
                    predictedSeconds: (lane.placed.report.comparison?.chosen ?? 0) + (known.rest?.seconds ?? 0),
                    measured: measured, toHostOnly: host.flatMap { $0 == index ? nil : race.ratio(index, to: $0) },
                    segments: lane.plan.plan.report.segments.count, transfers: lane.plan.plan.report.transfers.count,
                    alsoKnownAs: lane.others)
            }
        }
        let kept = lanes[winner]
        lanes = []

        // Measure the winner's nodes again, in turns with the whole plan, so that both have the same conditions.
        progress("measuring the winner")
        var recipe = kept.placed.recipe
        recipe.splitsSegments = true
        let split = try fitting { () throws(WeftError) in
            let placed = try placer.place(following: recipe)
            let plan = TimedPlan(try build(placed, better), placed, isSplit: true)
            try warmUp(plan)
            return plan
        }
        let whole = TimedPlan(kept.plan.ready, kept.placed)
        let measured = [split, whole].compactMap(\.self)
        try repeatRuns(measured, until: elapsed + options.racing * 0.5)
        var times = NodeTimes()
        var transferTimes = TransferTimes()
        var overheads: [Int: Price] = [:]
        if let split {
            overheads = overhead(whole: whole, split: split)
            times.add(split, devices: devices, overhead: overheads)
        }
        for plan in measured { try add(plan, to: &transferTimes) }
        let tuned = prices(times, transferTimes, overheads, rest: split?.rest, into: known)

        let final = tunedDevices(tuned)
        recipe.splitsSegments = false
        var placed = try self.placer(final).place(following: recipe)
        placed.report.restSeconds = tuned.rest?.seconds ?? 0
        let ready = try build(placed, final)
        guard let sample = Sample(whole.walls) else {
            throw WeftError(.internalInconsistency, "the plan that won was never run")
        }
        return Tuning(
            rivals: rivals, winner: winner, ready: ready, tuned: tuned,
            predictedSeconds: ready.plan.report.predictedSeconds, measured: sample, ways: ways,
            runs: runs + race.runs + measured.reduce(0) { $0 + $1.walls.count }, seconds: elapsed, skipped: skipped)
    }
}

extension Placer {
    /// Recipes of plans that together run every node in every way that the rules admit and that may pay.
    func tuningRecipes(base: PlacementRecipe) throws(WeftError) -> [PlacementRecipe] {
        let admission = Admission(offers, rules: rules, spaces: spaces)
        var choices = try admission.choices(units: [])
        if rules.mode == .preference { choices = choices.map { Array($0.prefix(1)) } }
        return TuningRecipes(
            offers: offers, choices: choices, pins: admission.pins, spaces: spaces, mode: rules.mode, base: base
        ).all()
    }
}
