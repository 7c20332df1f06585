import WeftPlacement
import WeftProvider

/// Chooses provider, variant and tensor layout together for the host's nodes, and puts conversions between layouts.
///
/// The same minimum cut that places nodes decides here, the labels being layouts and a conversion the transfer.
struct LayoutChoice {
    private let offers: Offers
    private let spaces: MemorySpaces
    private let choices: [[Choice]]
    private let fusions: [Offers.Group]
    private let constants: DerivedConstants

    /// `constants` keeps those that are wanted in another layout than the model's.
    init(
        _ offers: Offers, spaces: MemorySpaces, choices: [[Choice]], fusions: [Offers.Group],
        constants: DerivedConstants
    ) {
        self.constants = constants
        self.offers = offers
        self.spaces = spaces
        self.choices = choices
        self.fusions = fusions
    }

    /// A node after fusion, with who may run it.
    private struct Candidate {
        var view: NodeView
        var choices: [Choice]
        var members: [Int]
    }

    func choose(_ values: [Specialised.Value]) -> (nodes: [PlacedNode], values: [PlacedValue]) {
        let candidates = candidates()
        let labels = layouts(candidates)
        var table = values.map { PlacedValue(name: $0.name, type: $0.type, contents: $0.contents) }
        var nodes: [PlacedNode] = []
        var converted: [Int: [Layout: Int]] = [:]
        for (index, candidate) in candidates.enumerated() {
            let blocked = labels[index] == 1
            guard let best = cheapest(candidate, blocked: blocked) ?? cheapest(candidate, blocked: !blocked) else {
                continue
            }
            var view = candidate.view
            for (position, operand) in view.inputs.enumerated() {
                guard let operand else { continue }
                let wanted = best.way.variant.inputLayout(position)
                if operand.constant != nil, wanted == .plain { continue }
                let value = convert(operand, to: wanted, &table, &converted, &nodes)
                view.inputs[position] = Operand(
                    value: value, type: operand.type, constant: table[value].contents, wantsHost: operand.wantsHost,
                    layout: wanted)
            }
            for (position, operand) in view.outputs.enumerated() {
                guard var operand else { continue }
                operand.layout = best.way.variant.outputLayout(position)
                table[operand.value].layout = operand.layout
                view.outputs[position] = operand
            }
            nodes.append(
                PlacedNode(
                    view: view, device: best.device, variant: best.way.variant, price: best.way.price,
                    members: candidate.members, able: candidate.choices.map(\.device)))
        }
        return (restorePlain(nodes, &table, &converted), table)
    }

    /// Fused nodes in their last member's place, the others as they are.
    private func candidates() -> [Candidate] {
        var fusedAt: [Int: Offers.Group] = [:]
        var absorbed: Set<Int> = []
        for fusion in fusions {
            guard let last = fusion.members.max() else { continue }
            fusedAt[last] = fusion
            absorbed.formUnion(fusion.members)
        }
        var result: [Candidate] = []
        for (index, node) in offers.nodes.enumerated() {
            if let fusion = fusedAt[index] {
                result.append(Candidate(view: fusion.fused, choices: [fusion.choice], members: fusion.members))
            } else if !absorbed.contains(index) {
                result.append(Candidate(view: node, choices: choices[index], members: [index]))
            }
        }
        return result
    }

    private static func isBlocked(_ variant: Variant) -> Bool {
        (variant.inputLayouts + variant.outputLayouts).contains { $0 != .plain }
    }

    private func cheapest(_ candidate: Candidate, blocked: Bool) -> (device: Int, way: Way)? {
        var best: (device: Int, way: Way)?
        for choice in candidate.choices {
            guard let way = choice.cheapest(where: { Self.isBlocked($0) == blocked }) else { continue }
            if best.map({ way.seconds < $0.way.seconds }) ?? true { best = (choice.device, way) }
        }
        return best
    }

    /// 0 for plain and 1 for a blocked layout, per candidate.
    private func layouts(_ candidates: [Candidate]) -> [Int] {
        var problem = PlacementProblem(spaces: 2)
        for candidate in candidates {
            let prices = [false, true].map { cheapest(candidate, blocked: $0)?.way.seconds ?? .infinity }
            problem.nodes.append(.init(prices: prices))
        }
        guard problem.nodes.contains(where: { $0.prices[1] < .infinity }) else {
            return [Int](repeating: 0, count: candidates.count)
        }
        let graph = GraphView(
            nodes: candidates.map(\.view), inputs: offers.view.inputs, outputs: offers.view.outputs)
        let blocked = candidates.map { cheapest($0, blocked: true)?.way.variant }
        var seen: Set<Int> = []
        func consider(_ operand: Operand, _ producer: Int?) {
            guard operand.constant == nil, operand.shape.count == 4, operand.type.elementType == .float32,
                seen.insert(operand.value).inserted
            else { return }
            let there = conversion(operand.value, operand.type, from: .plain, to: .nhwc)?.price.seconds
            let back = conversion(operand.value, operand.type, from: .nhwc, to: .plain)?.price.seconds
            // A blocked variant may still take or give some of its operands plain.
            let readers = graph.consumers(of: operand.value)
            let takers = readers.filter { reader in
                candidates[reader].view.inputs.indices.contains { index in
                    candidates[reader].view.inputs[index]?.value == operand.value
                        && blocked[reader]?.inputLayout(index) ?? .plain != .plain
                }
            }
            let given = producer.flatMap { index in
                candidates[index].view.outputs.firstIndex { $0?.value == operand.value }.map {
                    blocked[index]?.outputLayout($0) ?? .plain
                }
            }
            problem.values.append(
                .init(
                    origin: given.flatMap { layout in layout == .plain ? nil : producer.map { .node($0) } }
                        ?? .space(0),
                    consumers: takers,
                    destination: graph.isOutput(operand.value) || takers.count < readers.count ? 0 : nil,
                    transfer: TransferPrices(spaces: 2) { _, to in (to == 1 ? there : back) ?? .infinity }))
        }
        for (index, candidate) in candidates.enumerated() {
            for case let operand? in candidate.view.outputs { consider(operand, index) }
            for case let operand? in candidate.view.inputs where graph.producer(of: operand.value) == nil {
                consider(operand, nil)
            }
        }
        do {
            return try problem.solve().spaces
        } catch {
            return candidates.map { cheapest($0, blocked: false) == nil ? 1 : 0 }
        }
    }

    /// The number of a value in a layout, converted where it has another: once for each value and layout.
    ///
    /// A constant is converted before anything runs: no node does it.
    private func convert(
        _ operand: Operand, to layout: Layout, _ table: inout [PlacedValue], _ converted: inout [Int: [Layout: Int]],
        _ nodes: inout [PlacedNode]
    ) -> Int {
        let present = table[operand.value].layout
        if present == layout { return operand.value }
        if let known = converted[operand.value]?[layout] { return known }
        let value = table.count
        var copy = table[operand.value]
        copy.layout = layout
        copy.contents = operand.constant.map { convert($0, to: layout) }
        table.append(copy)
        converted[operand.value, default: [:]][layout] = value
        if operand.constant != nil { return value }
        let node = conversion(operand.value, operand.type, from: present, to: layout, name: copy.name, result: value)
        if let node { nodes.append(node) }
        return value
    }

    /// A constant in another layout; as it is where no host device can convert it, which the verifier will not pass.
    private func convert(_ constant: Constant, to layout: Layout) -> Constant {
        guard
            let node = conversion(
                ConvertedConstant.input, constant.type, from: constant.layout, to: layout,
                result: ConvertedConstant.output)
        else { return constant }
        return constants.constant(
            "in layout \(layout)", from: [constant],
            constant: {
                ConvertedConstant.constant(constant, node, on: offers.devices[node.device].device)
            })
    }

    /// The node that brings a value into another layout, at its best; nil where no host device has one.
    private func conversion(
        _ value: Int, _ type: ValueType, from: Layout, to: Layout, name: String = "", result: Int = -1
    ) -> PlacedNode? {
        let view = NodeView(
            id: -1, name: "\(name) to \(to)", domain: LayoutConversion.domain,
            opType: LayoutConversion.opType(from: from, to: to),
            inputs: [Operand(value: value, type: type, layout: from)],
            outputs: [Operand(value: result, type: type, layout: to)])
        return offers.conversion(view, spaces).map { device, way in
            PlacedNode(view: view, device: device, variant: way.variant, price: way.price, members: [], able: [device])
        }
    }

    /// Brings what others read (outputs, units, devices of their own memory) back to plain.
    private func restorePlain(
        _ nodes: [PlacedNode], _ table: inout [PlacedValue], _ converted: inout [Int: [Layout: Int]]
    ) -> [PlacedNode] {
        let blocked = Set(offers.view.outputs).filter { $0 >= 0 && table[$0].layout != .plain }
        guard !blocked.isEmpty else { return nodes }
        // The output keeps its number and is made by the conversion; the blocked form gets a number of its own.
        var renamed: [Int: Int] = [:]
        var extra: [PlacedNode] = []
        for value in blocked.sorted() {
            let number = table.count
            table.append(table[value])
            renamed[value] = number
            let layout = table[value].layout
            table[value].layout = .plain
            guard let type = table[value].type else { continue }
            let plainAlready = converted[value]?[.plain]
            let node = conversion(
                number, type, from: layout, to: .plain, name: table[value].name, result: value)
            if let node { extra.append(node) }
            // One conversion is enough: whoever read the other plain copy reads this one.
            if let plainAlready { renamed[plainAlready] = value }
        }
        var result: [PlacedNode] = []
        for var node in nodes {
            if node.view.domain == LayoutConversion.domain, let output = node.view.outputs.first ?? nil,
                renamed[output.value].map({ blocked.contains($0) }) ?? false
            {
                continue
            }
            func rename(_ operand: Operand?) -> Operand? {
                guard let operand, let number = renamed[operand.value] else { return operand }
                return Operand(
                    value: number, type: operand.type, constant: operand.constant, wantsHost: operand.wantsHost,
                    layout: operand.layout)
            }
            node.view.inputs = node.view.inputs.map(rename)
            node.view.outputs = node.view.outputs.map(rename)
            result.append(node)
        }
        return result + extra
    }
}
