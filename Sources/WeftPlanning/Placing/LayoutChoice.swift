import WeftProvider

/// Chooses device, variant and layouts together for nodes that have their spaces, and inserts layout conversions.
///
/// Values are plain when they cross between spaces: other layouts are used within a space only.
struct LayoutChoice {
    private let offers: Offers
    private let spaces: MemorySpaces
    private let choices: [[Choice]]
    private let fusions: [Offers.Group]
    private let constants: DerivedConstants
    private let conversions: LayoutConversions
    private let graph: PlacementGraph
    private let frame: Int

    /// For the nodes of one frame. `constants` keeps the constants that are converted to other layouts.
    init(
        _ offers: Offers, spaces: MemorySpaces, choices: [[Choice]], fusions: [Offers.Group],
        constants: DerivedConstants, graph: PlacementGraph, frame: Int
    ) {
        self.graph = graph
        self.frame = frame
        self.constants = constants
        self.offers = offers
        self.spaces = spaces
        self.choices = choices
        self.fusions = fusions
        conversions = LayoutConversions(offers: offers, spaces: spaces)
    }

    /// A node after fusion, with the devices that may run it.
    struct Candidate {
        let view: NodeView
        let choices: [Choice]
        let members: [Int]
        /// The layouts that its variants work in, each once, in the order of the variants.
        let layouts: [Layout]

        init(view: NodeView, choices: [Choice], members: [Int]) {
            self.view = view
            self.choices = choices
            self.members = members
            var layouts: [Layout] = []
            for way in choices.lazy.flatMap(\.ways) where !layouts.contains(way.variant.layout) {
                layouts.append(way.variant.layout)
            }
            self.layouts = layouts
        }

        /// The cheapest way to run it in a layout; nil if there is none.
        func cheapest(_ layout: Layout) -> (device: Int, way: Way)? { cheapest { $0.layout == layout } }

        func cheapest(where passes: (Variant) -> Bool = { _ in true }) -> (device: Int, way: Way)? {
            var best: (device: Int, way: Way)?
            for choice in choices {
                guard let way = choice.cheapest(where: passes) else { continue }
                if best.map({ way.seconds < $0.way.seconds }) ?? true { best = (choice.device, way) }
            }
            return best
        }
    }

    /// The frame's nodes and all values while conversions are inserted.
    private struct Work {
        var nodes: [PlacedNode] = []
        var table: [PlacedValue]
        /// By value, the space of the node that makes it; the host's for all other values.
        var spaces: [Int]
        let frame: Int
        /// Converted values, by source value, layout and space.
        var converted: [Form: Int] = [:]

        struct Form: Hashable {
            let value: Int
            let layout: Layout
            let space: Int
        }

        mutating func add(_ value: PlacedValue, in space: Int) -> Int {
            table.append(value)
            table[table.count - 1].frame = frame
            spaces.append(space)
            return table.count - 1
        }
    }

    /// The frame's placed nodes, conversions included; `values` are those of all frames, and conversions add to them.
    func choose(_ values: inout [PlacedValue]) -> [PlacedNode] {
        let candidates = candidates()
        let layouts = layouts(candidates)
        var work = Work(table: values, spaces: [Int](repeating: 0, count: values.count), frame: frame)
        for (candidate, layout) in zip(candidates, layouts) {
            guard let best = candidate.cheapest(layout) ?? candidate.cheapest() else { continue }
            var view = candidate.view
            for (position, operand) in view.inputs.enumerated() {
                guard let operand else { continue }
                let wanted = best.way.variant.inputLayout(position)
                if operand.constant != nil, wanted == .plain { continue }
                let value = convert(operand, to: wanted, for: best.device, &work)
                view.inputs[position] = Operand(
                    value: value, type: operand.type, constant: work.table[value].contents,
                    wantsHost: operand.wantsHost, layout: wanted)
            }
            for (position, operand) in view.outputs.enumerated() {
                guard var operand else { continue }
                operand.layout = best.way.variant.outputLayout(position)
                work.table[operand.value].layout = operand.layout
                work.spaces[operand.value] = spaces.ofDevice[best.device]
                view.outputs[position] = operand
            }
            work.nodes.append(
                PlacedNode(
                    view: view, device: best.device, variant: best.way.variant, price: best.way.price,
                    members: candidate.members, able: candidate.choices.map(\.device)))
        }
        restorePlain(&work)
        values = work.table
        return work.nodes
    }

    /// The frame's nodes, with fused nodes in the place of their last member.
    private func candidates() -> [Candidate] {
        var fusedAt: [Int: Offers.Group] = [:]
        var absorbed: Set<Int> = []
        for fusion in fusions {
            guard let last = fusion.members.max(), graph.frameOfNode[last] == frame else { continue }
            fusedAt[last] = fusion
            absorbed.formUnion(fusion.members)
        }
        var result: [Candidate] = []
        for index in graph.frames[frame].nodes {
            let node = offers.nodes[index]
            if let fusion = fusedAt[index] {
                result.append(Candidate(view: fusion.fused, choices: [fusion.choice], members: fusion.members))
            } else if !absorbed.contains(index) {
                result.append(Candidate(view: node, choices: choices[index], members: [index]))
            }
        }
        return result
    }

    /// The layout that each candidate has to work in.
    private func layouts(_ candidates: [Candidate]) -> [Layout] {
        var result = [Layout](repeating: .plain, count: candidates.count)
        let graph = GraphView(
            nodes: candidates.map(\.view), inputs: offers.view.inputs, outputs: offers.view.outputs)
        let members = Dictionary(grouping: candidates.indices) { index in
            candidates[index].choices.first.map { spaces.ofDevice[$0.device] } ?? 0
        }
        for (space, members) in members {
            let cut = LayoutCut(
                candidates: candidates, members: members, space: space, graph: graph, conversions: conversions)
            for (member, layout) in zip(members, cut.layouts()) { result[member] = layout }
        }
        return result
    }

    /// The number of a value in the layout that a device reads; converts it if its layout differs.
    ///
    /// Conversions are made once for each layout and space. A constant gets no conversion node: it is converted apart.
    private func convert(_ operand: Operand, to layout: Layout, for device: Int, _ work: inout Work) -> Int {
        let (origin, here) = (work.spaces[operand.value], spaces.ofDevice[device])
        let present = work.table[operand.value].layout
        if present == layout, layout == .plain || origin == here { return operand.value }
        if let constant = operand.constant {
            let form = Work.Form(value: operand.value, layout: layout, space: here)
            if let known = work.converted[form] { return known }
            var copy = work.table[operand.value]
            copy.layout = layout
            copy.contents = convert(constant, to: layout, for: device)
            let value = work.add(copy, in: here)
            work.converted[form] = value
            return value
        }
        func step(_ value: Int, to layout: Layout, in space: Int) -> Int? {
            let form = Work.Form(value: value, layout: layout, space: space)
            if let known = work.converted[form] { return known }
            var copy = work.table[value]
            let present = copy.layout
            copy.layout = layout
            guard
                let node = conversions.node(
                    value, operand.type, from: present, to: layout, in: space, preferred: device, name: copy.name,
                    result: work.table.count)
            else { return nil }
            work.converted[form] = work.add(copy, in: space)
            work.nodes.append(node)
            return work.converted[form]
        }
        if origin == here || present == .plain, let straight = step(operand.value, to: layout, in: here) {
            return straight
        }
        guard let plain = present == .plain ? operand.value : step(operand.value, to: .plain, in: origin) else {
            return operand.value
        }
        return layout == .plain ? plain : step(plain, to: layout, in: here) ?? plain
    }

    /// A constant in another layout; unchanged if no device can convert it, which `PlanVerifier` then rejects.
    private func convert(_ constant: Constant, to layout: Layout, for device: Int) -> Constant {
        guard
            let node = conversions.node(
                ConvertedConstant.input, constant.type, from: constant.layout, to: layout,
                in: spaces.ofDevice[device], preferred: device, result: ConvertedConstant.output)
        else { return constant }
        return constants.constant(
            "in layout \(layout)", from: [constant],
            constant: {
                ConvertedConstant.constant(constant, node, on: offers.devices[node.device].device)
            })
    }

    /// Makes values plain that units or callers read: adds conversions to plain.
    private func restorePlain(_ work: inout Work) {
        let blocked = Set(offers.view.outputs).filter { value in
            value >= 0 && work.table[value].layout != .plain && work.table[value].frame == frame
        }
        guard !blocked.isEmpty else { return }
        // The conversion makes the value with the old number; the value in the other layout gets a new number.
        var renamed: [Int: Int] = [:]
        var extra: [PlacedNode] = []
        for value in blocked.sorted() {
            let space = work.spaces[value]
            let number = work.add(work.table[value], in: space)
            renamed[value] = number
            let layout = work.table[value].layout
            work.table[value].layout = .plain
            guard let type = work.table[value].type else { continue }
            let maker = work.nodes.first { node in node.view.outputs.contains { $0?.value == value } }
            let node = conversions.node(
                number, type, from: layout, to: .plain, in: space, preferred: maker?.device,
                name: work.table[value].name, result: value)
            if let node { extra.append(node) }
            // One conversion is enough: readers of an earlier plain copy read this value instead.
            let plain = Work.Form(value: value, layout: .plain, space: space)
            if let already = work.converted[plain] { renamed[already] = value }
        }
        var result: [PlacedNode] = []
        for var node in work.nodes {
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
        work.nodes = result + extra
    }
}

extension Variant {
    /// The layout that it works in: the first of its output, then its input layouts that is not plain; else plain.
    var layout: Layout { (outputLayouts + inputLayouts).first { $0 != .plain } ?? .plain }
}
