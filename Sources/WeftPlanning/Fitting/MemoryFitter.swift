import WeftPlacement
import WeftProvider

/// The result of fitting a draft into the devices' memory.
struct MemoryFit {
    let draft: Draft
    /// The draft that was given but does not fit, and its need; nil if it fits and is `draft`.
    var unlimited: (draft: Draft, need: DraftNeed?)?
}

/// Fits drafts into the devices' memory.
struct MemoryFitter {
    let drafter: Drafter
    let measure: DraftMeasure
    let prospects: Prospects
    let rules: PlacementRules

    private var graph: PlacementGraph { drafter.graph }
    private var spaces: MemorySpaces { drafter.spaces }
    private var devices: [EngineDevice] { measure.devices }
    private var room: DeviceRoom { measure.room }
    private var view: GraphView { graph.view }

    /// The given draft if it fits, else the best one found that fits.
    ///
    /// Candidates are placed by an estimate of memory and judged by the layout that their plan would have: capacities
    /// are adjusted until layout and weights are within the limits.
    ///
    /// Throws `.deviceMemoryExceeded` if no draft is found, as when a node can only run on a full device, and
    /// `.outOfMemory` if no candidate had a layout at all.
    func fit(
        _ chosen: Draft, _ alternatives: Alternatives
    ) throws(WeftError) -> MemoryFit {
        guard devices.contains(where: { $0.memoryLimit != nil }), !measure.surelyFits(chosen) else {
            return MemoryFit(draft: chosen)
        }
        let free = measure.need(of: chosen)
        if let free, free.fits { return MemoryFit(draft: chosen) }
        let choices = prospects.choices
        var search = CapacitySearch(
            boundProblem(choices, prospects.fusions), memory(choices), drafter, measure, prospects, mode: rules.mode)
        try search.run()
        if rules.mode == .cost {
            for rival in [alternatives.hostOnly, alternatives.deviceFirst, alternatives.greedy].compactMap(\.self) {
                search.consider(rival, cost: rival.seconds)
            }
        } else if let hostOnly = alternatives.hostOnly {
            search.consider(hostOnly, cost: .infinity)
        }
        guard let best = search.best else {
            throw (search.least ?? free)?.error(devices).map { explained($0, choices) }
                ?? WeftError(
                    .outOfMemory, "a device gives less memory at once than one node's operands take",
                    hint: "place fewer nodes there, or run smaller inputs")
        }
        return MemoryFit(draft: best.draft, unlimited: (chosen, free))
    }

    /// Adds the names of nodes that may not run on the host to the error's message.
    private func explained(_ error: WeftError, _ choices: [[Choice]]) -> WeftError {
        let bound = choices.indices.filter { node in choices[node].allSatisfy { !spaces.isHost($0.device) } }
        guard !bound.isEmpty else { return error }
        let names = bound.prefix(4).map { view.nodes[$0].label }.joined(separator: ", ")
        let more = bound.count > 4 ? ", and \(bound.count - 4) more" : ""
        return WeftError(
            error.code, "\(error.message); nodes that may not run on the host are \(names)\(more)", hint: error.hint)
    }

    /// The problem for the cut with bounded memory.
    ///
    /// By preference the price of a space is the node's work times the space's rank in the node's list, and transfers
    /// cost a tenth: so devices fill up with the nodes that save the most work per byte.
    private func boundProblem(_ choices: [[Choice]], _ fusions: FusionChoice) -> PlacementProblem {
        var problem = graph.problem(fusions, spaces: spaces)
        guard rules.mode == .preference else { return problem }
        for node in problem.nodes.indices {
            var order: [Int] = []
            for choice in choices[node] where !order.contains(spaces.ofDevice[choice.device]) {
                order.append(spaces.ofDevice[choice.device])
            }
            let work = max(problem.nodes[node].prices.filter { $0 < .infinity }.max() ?? 0, 1e-7)
            for (rank, space) in order.enumerated() { problem.nodes[node].prices[space] = work * Double(rank) }
        }
        for value in problem.values.indices {
            let transfer = problem.values[value].transfer
            problem.values[value].transfer = TransferPrices(spaces: spaces.count) { transfer[$0, $1] * 0.1 }
        }
        return problem
    }

    /// The bytes that constants and scratch take in each space, and its capacity: the limit less what is taken.
    func memory(_ choices: [[Choice]]) -> PlacementMemory {
        var capacities = [Int?](repeating: nil, count: spaces.count)
        var isStaged = [Bool](repeating: false, count: spaces.count)
        for (device, engine) in devices.enumerated() {
            let space = spaces.ofDevice[device]
            guard space != 0, let limit = engine.memoryLimit else { continue }
            let left = max(0, limit - (room.taken[device] ?? 0))
            capacities[space] = min(capacities[space] ?? left, left)
            if !engine.description.unifiedMemory { isStaged[space] = true }
        }
        func most(_ space: Int, _ bytes: (Int) -> Int) -> Int {
            devices.indices.reduce(0) { spaces.ofDevice[$1] == space && space != 0 ? max($0, bytes($1)) : $0 }
        }
        var weights: [PlacementMemory.Weight] = []
        var numbers: [UInt64: Int] = [:]
        for (node, facts) in view.nodes.enumerated() {
            for case let operand? in facts.inputs {
                guard let constant = operand.constant else { continue }
                if let known = numbers[constant.id] {
                    weights[known].readers.append(node)
                    continue
                }
                numbers[constant.id] = weights.count
                let bytes = spaces.names.indices.map { space in most(space) { room.bytes(of: constant, on: $0) } }
                weights.append(.init(bytes: bytes, readers: [node]))
            }
        }
        let scratch = choices.map { list in
            spaces.names.indices.map { space in
                list.reduce(0) { sum, choice in
                    guard space != 0, spaces.ofDevice[choice.device] == space else { return sum }
                    return max(sum, choice.cheapest()?.variant.scratch ?? 0)
                }
            }
        }
        return PlacementMemory(weights: weights, scratch: scratch, isStaged: isStaged, capacities: capacities)
    }

    /// The reason `.memory`, by member, for nodes that `free` has in another space, on a device with a limit.
    func keptOff(from free: Draft, _ need: DraftNeed?, in draft: Draft) -> [Int: PlacementReason] {
        var wanted: [Int: Int] = [:]
        for node in free.nodes { for member in node.members { wanted[member] = node.device } }
        var kept: [Int: PlacementReason] = [:]
        for node in draft.nodes {
            for member in node.members {
                guard let device = wanted[member], spaces.ofDevice[device] != spaces.ofDevice[node.device],
                    let limit = devices[device].memoryLimit
                else { continue }
                let weights = view.nodes[member].inputs.reduce(0) { sum, operand in
                    sum + (operand?.constant.map { room.bytes(of: $0, on: device) } ?? 0)
                }
                let bytes = need?.bytes(on: device) ?? 0
                kept[member] = .memory(
                    device: devices[device].description.id, needed: bytes > 0 ? bytes : nil, limit: limit,
                    weights: weights)
            }
        }
        return kept
    }

    /// The predicted seconds of the draft without limits, and the bytes that it needs on devices with limits.
    func unlimited(_ free: Draft, _ need: DraftNeed?) -> PlacementReport.Unlimited {
        var needs: [String: Int] = [:]
        for (device, engine) in devices.enumerated() where engine.memoryLimit != nil {
            guard let need, need.bytes(on: device) > 0 else { continue }
            needs[engine.description.id] = need.bytes(on: device)
        }
        return .init(seconds: free.seconds, needs: needs)
    }
}
