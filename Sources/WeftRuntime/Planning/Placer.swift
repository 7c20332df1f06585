import WeftGraph
import WeftProvider

/// Decides where the work of a specialised graph runs.
struct Placer {
    let devices: [EngineDevice]
    let rules: PlacementRules
    let graph: Specialised
    /// Planned nodes, and the unit that each is.
    let nodes: [NodeView]
    private let unitOf: [Int]
    let view: GraphView
    /// The devices' memory spaces, the host's first.
    private let spaces: [String]
    private let spaceOf: [Int]

    init(_ graph: Specialised, devices: [EngineDevice], rules: PlacementRules) {
        self.graph = graph
        self.devices = devices
        self.rules = rules
        var nodes: [NodeView] = []
        var unitOf: [Int] = []
        var outer: [Int] = graph.outputs
        for (index, unit) in graph.units.enumerated() {
            if case .planned(let view) = unit.kind {
                nodes.append(view)
                unitOf.append(index)
            } else {
                outer += unit.inputs.filter { $0 != Node.absent }
            }
        }
        self.nodes = nodes
        self.unitOf = unitOf
        view = GraphView(nodes: nodes, inputs: graph.inputs, outputs: outer)
        var spaces = [DeviceDescription.hostSpace]
        for device in devices where !spaces.contains(device.description.memorySpace) {
            spaces.append(device.description.memorySpace)
        }
        self.spaces = spaces
        spaceOf = devices.map { device in spaces.firstIndex(of: device.description.memorySpace) ?? 0 }
    }

    /// Throws `.unsupportedOperator` for a node that no device runs, `.placementForbidden` where `strict` leaves none.
    func place() throws(WeftError) -> Placed {
        let offers = nodes.map { node in
            devices.map { device in device.provider.support(node, on: device.description) }
        }
        let hostPinned = hostValues()
        var choices: [[Choice]] = []
        for (index, node) in nodes.enumerated() {
            choices.append(try self.choices(node, offers[index], hostPinned[index]))
        }
        try checkStrict(choices, hostPinned)
        if let allowed = rules.strictCount {
            for index in nodes.indices where !hostPinned[index] {
                choices[index] = choices[index].filter { $0.device < allowed }
            }
        }
        let (labels, seconds, hostOnly) = try chooseSpaces(choices)
        // What each node may run on now that its space is settled.
        for index in nodes.indices { choices[index] = choices[index].filter { spaceOf[$0.device] == labels[index] } }
        let fusions = FusionChoice(self, choices: choices, labels: labels).choose()
        let placed = LayoutChoice(self, choices: choices, fusions: fusions).choose(graph.values)
        var items: [Placed.Item] = placed.nodes.map { .node($0) }
        for unit in graph.units {
            if case .planned = unit.kind { continue }
            items.append(.unit(unit))
        }
        let blocks = try order(items, values: placed.values.count)
        var report = report(
            offers, placed.nodes, hostPinned, seconds: seconds, hostOnly: hostOnly, units: graph.units)
        report.foldedCount = graph.foldedCount
        return Placed(items: items, blocks: blocks, values: placed.values, report: report)
    }

    /// A device that may run a node, and its ways to do it.
    struct Choice {
        let device: Int
        let variants: [Variant]
    }

    func isHost(_ device: Int) -> Bool { spaceOf[device] == 0 }
    func space(_ device: Int) -> Int { spaceOf[device] }
    var spaceCount: Int { spaces.count }

    // MARK: Who may run what

    /// Nodes that compute sizes and conditions for others, and so stay on the host.
    private func hostValues() -> [Bool] {
        let small = 64
        let abstract = nodes.map { node in
            HostValues.Node(
                isSmallIntegerProducer: node.outputs.allSatisfy { operand in
                    guard let operand, let type = operand.type.elementType else { return operand == nil }
                    return (type.isInteger || type == .bool) && operand.shape.elementCount <= small
                },
                operands: node.inputs.map { operand in
                    HostValues.Operand(
                        producer: operand.flatMap { view.producer(of: $0.value) },
                        isWantedOnHost: operand?.wantsHost ?? false)
                })
        }
        return HostValues.pinned(abstract)
    }

    private func choices(
        _ node: NodeView, _ offers: [Support], _ onHost: Bool
    ) throws(WeftError) -> [Choice] {
        var able: [Choice] = []
        var reasons: [String] = []
        for (device, offer) in offers.enumerated() {
            switch offer {
            case .variants(let variants) where !variants.isEmpty:
                able.append(Choice(device: device, variants: variants))
            case .variants: reasons.append("\(devices[device].description.id) offers no variant")
            case .declined(let reason): reasons.append("\(devices[device].description.id) \(reason)")
            }
        }
        guard !able.isEmpty else {
            throw WeftError(
                .unsupportedOperator, "no provider of the list runs it: \(reasons.joined(separator: "; "))",
                hint: "providers.md lists what each provider runs", node: node.label)
        }
        if let pin = rules.pinned(node.name) {
            guard let choice = able.first(where: { $0.device == pin }) else {
                let reason = reasons.first { $0.hasPrefix(devices[pin].description.id) } ?? ""
                throw WeftError(
                    .placementForbidden, "is pinned to a device that does not run it: \(reason)", node: node.label)
            }
            return [choice]
        }
        if onHost {
            let host = able.filter { isHost($0.device) }
            if !host.isEmpty { able = host }
        }
        if rules.mode == .preference, let first = able.first {
            // Order decides; among the providers of the host the cheaper may still take a node's fusion.
            return [first]
        }
        return able
    }

    private func checkStrict(_ choices: [[Choice]], _ pinned: [Bool]) throws(WeftError) {
        guard let allowed = rules.strictCount else { return }
        var lines: [String] = []
        for (index, node) in nodes.enumerated() where !pinned[index] {
            guard !choices[index].contains(where: { $0.device < allowed }) else { continue }
            var reasons: [String] = []
            for device in devices.prefix(allowed) {
                if case .declined(let reason) = device.provider.support(node, on: device.description) {
                    reasons.append("\(device.description.id) \(reason)")
                }
            }
            lines.append("\(node.label): \(reasons.joined(separator: "; "))")
        }
        for unit in graph.units {
            switch unit.kind {
            case .dynamic(let node) where allowed < devices.count && !isHostOnly(allowed):
                lines.append("\(node.label): depends on values that only a run knows")
            default: continue
            }
        }
        guard lines.isEmpty else {
            let shown = lines.prefix(8).joined(separator: ", ")
            let more = lines.count > 8 ? ", and \(lines.count - 8) more" : ""
            throw WeftError(
                .placementForbidden, "strict placement leaves \(lines.count) nodes without a provider: \(shown)\(more)",
                hint: "drop strict, or add `cpu` to the list")
        }
    }

    private func isHostOnly(_ count: Int) -> Bool { devices.prefix(count).allSatisfy { $0.description.isHost } }

    // MARK: Spaces

    private func chooseSpaces(
        _ choices: [[Choice]]
    ) throws(WeftError) -> (labels: [Int], seconds: Double, hostOnly: Double?) {
        let problem = problem(choices)
        do {
            let placement = try problem.solve()
            let hostOnly = try problem.hostOnlyPlacement()
            guard rules.mode == .cost, spaces.count > 1 else {
                return (placement.spaces, placement.seconds, hostOnly?.seconds)
            }
            // Small segments go to their neighbours where that saves more than it costs.
            let launch = spaces.indices.map { space in
                devices.first { spaces.firstIndex(of: $0.description.memorySpace) == space }?.rates.segment ?? 0
            }
            let graph = try SegmentGraph(dependencies: dependencies())
            let labels = placement.spaces.map { SegmentLabel(space: $0, provider: 0) }
            let improved = SegmentSearch().improve(labels, of: graph, launch: launch) { node, label in
                problem.nodes[node].allows(label.space)
            } simulate: { labels, segments in
                problem.serialSeconds(labels, segments, launch: launch)
            }
            var best = (improved.labels.map(\.space), improved.seconds)
            if let hostOnly, hostOnly.seconds < best.1 { best = (hostOnly.spaces, hostOnly.seconds) }
            return (best.0, best.1, hostOnly?.seconds)
        } catch {
            throw WeftError(.internalInconsistency, "no placement was found: \(error)")
        }
    }

    private func dependencies() -> [[Int]] {
        nodes.map { node in
            node.inputs.compactMap { operand in operand.flatMap { view.producer(of: $0.value) } }
        }
    }

    private func problem(_ choices: [[Choice]]) -> PlacementProblem {
        var problem = PlacementProblem(spaces: spaces.count)
        for list in choices {
            var prices = [Double](repeating: .infinity, count: spaces.count)
            for choice in list {
                guard let cheapest = devices[choice.device].cheapest(choice.variants) else { continue }
                let space = spaceOf[choice.device]
                prices[space] = min(prices[space], cheapest.seconds)
            }
            problem.nodes.append(.init(prices: prices))
        }
        var links = TransferRates(spaces: spaces.count)
        for device in devices where !device.description.isHost {
            guard let space = spaces.firstIndex(of: device.description.memorySpace),
                let link = device.rates.transfer
            else { continue }
            links[0, space] = device.description.unifiedMemory ? .init(latency: 1e-6, bytesPerSecond: 1e15) : link
            links[space, 0] = links[0, space]
        }
        links.route(through: 0)
        var outer = Set(graph.outputs)
        for unit in graph.units {
            if case .planned = unit.kind { continue }
            outer.formUnion(unit.inputs)
        }
        for (value, facts) in graph.values.enumerated() {
            let producer = view.producer(of: value)
            let consumers = view.consumers(of: value)
            guard facts.contents == nil, producer != nil || !consumers.isEmpty, let bytes = facts.type?.byteCount else {
                continue
            }
            problem.values.append(
                .init(
                    origin: producer.map { .node($0) } ?? .space(0), consumers: consumers,
                    destination: outer.contains(value) ? 0 : nil, transfer: links.prices(bytes: bytes)))
        }
        for device in devices.indices where !isHost(device) { addFusions(of: device, choices, to: &problem) }
        return problem
    }

    private func addFusions(of device: Int, _ choices: [[Choice]], to problem: inout PlacementProblem) {
        var taken: Set<Int> = []
        for fusion in devices[device].provider.fusions(in: view, on: devices[device].description) {
            guard fusion.members.allSatisfy({ !taken.contains($0) }),
                fusion.members.allSatisfy({ member in choices[member].contains { $0.device == device } })
            else { continue }
            taken.formUnion(fusion.members)
            problem.fusions.append(
                .init(
                    members: fusion.members, space: spaceOf[device],
                    saving: max(0, devices[device].rates.seconds(fusion.saving))))
        }
    }

    // MARK: Order

    /// Blocks of items in one topological order, and the same memory space as long as possible.
    private func order(_ items: [Placed.Item], values: Int) throws(WeftError) -> [Placed.Block] {
        var producer = [Int](repeating: -1, count: values)
        for (index, item) in items.enumerated() {
            for value in item.outputs { producer[value] = index }
        }
        let dependencies = items.map { item in
            item.inputs.compactMap { producer[$0] >= 0 ? producer[$0] : nil }
        }
        let labels = items.map { item in
            switch item {
            case .node(let node): SegmentLabel(space: spaceOf[node.device], provider: node.device)
            case .unit: SegmentLabel(space: 0, provider: devices.count)
            }
        }
        let launch = spaces.indices.map { space in
            devices.first { spaces.firstIndex(of: $0.description.memorySpace) == space }?.rates.segment ?? 0
        }
        do {
            let segments = try SegmentGraph(dependencies: dependencies).segments(labels, launch: launch)
            var blocks: [Placed.Block] = []
            for segment in segments {
                if segment.label.provider == devices.count {
                    for item in segment.nodes { blocks.append(.init(device: nil, items: [item])) }
                } else {
                    blocks.append(.init(device: segment.label.provider, items: segment.nodes))
                }
            }
            return blocks
        } catch {
            throw WeftError(.internalInconsistency, "the plan's nodes have no order: \(error)")
        }
    }
}

extension Placed.Item {
    /// Value numbers that the item reads, constants included, absent ones not.
    var inputs: [Int] {
        switch self {
        case .node(let node): node.view.inputs.compactMap { $0?.value }
        case .unit(let unit): unit.inputs.filter { $0 != Node.absent }
        }
    }

    var outputs: [Int] {
        switch self {
        case .node(let node): node.view.outputs.compactMap { $0?.value }
        case .unit(let unit): unit.outputs.filter { $0 != Node.absent }
        }
    }
}
