import WeftProvider

/// Conversions of tensors between layouts in each memory space: their nodes and their prices.
struct LayoutConversions {
    let offers: Offers
    let spaces: MemorySpaces

    /// The node that converts a value to another layout; nil if no device of the space converts it in one step.
    ///
    /// In a space other than the host's, the device `preferred` does it if it can, so that work stays in its segment.
    func node(
        _ value: Int, _ type: ValueType, from: Layout, to: Layout, in space: Int, preferred: Int? = nil,
        name: String = "", result: Int = -1
    ) -> PlacedNode? {
        let view = NodeView(
            id: -1, name: "\(name) to \(to)", domain: LayoutConversion.domain,
            opType: LayoutConversion.opType(from: from, to: to),
            inputs: [Operand(value: value, type: type, layout: from)],
            outputs: [Operand(value: result, type: type, layout: to)])
        var order = offers.devices.indices.filter { spaces.ofDevice[$0] == space }
        if space != 0, let preferred, order.contains(preferred) { order.insert(preferred, at: 0) }
        for device in order {
            let engine = offers.devices[device]
            guard case .variants(let variants) = engine.provider.support(view, on: engine.description),
                var way = Choice(device: device, ways: engine.ways(variants, of: view)).cheapest()
            else { continue }
            way.variant.inputLayouts = [from]
            way.variant.outputLayouts = [to]
            return PlacedNode(
                view: view, device: device, variant: way.variant, price: way.price, members: [], able: [device])
        }
        return nil
    }

    /// Seconds to convert from one layout to another, through plain if no device does it in one step; nil if none does.
    func seconds(_ type: ValueType, from: Layout, to: Layout, in space: Int) -> Double? {
        if from == to { return 0 }
        if let straight = node(-1, type, from: from, to: to, in: space) { return straight.seconds }
        guard from != .plain, to != .plain, let out = node(-1, type, from: from, to: .plain, in: space),
            let back = node(-1, type, from: .plain, to: to, in: space)
        else { return nil }
        return out.seconds + back.seconds
    }

    /// Throws `.invalidProvider` for an offered way whose operands cannot have the layouts that it states.
    ///
    /// These are layouts without a byte count for an operand's type, and layouts for which no device of the space has a
    /// conversion from plain (inputs) or to plain (outputs).
    func check() throws(WeftError) {
        var passed: Set<Need> = []
        for (node, answers) in zip(offers.nodes, offers.answers) {
            for case .able(let choice) in answers { try check(node, choice, &passed) }
        }
        for group in offers.groups { try check(group.fused, group.choice, &passed) }
    }

    private struct Need: Hashable {
        let layout: Layout
        let type: ValueType
        let space: Int
        let isInput: Bool
    }

    private func check(_ node: NodeView, _ choice: Choice, _ passed: inout Set<Need>) throws(WeftError) {
        let space = spaces.ofDevice[choice.device]
        for way in choice.ways where !way.variant.isPlain {
            func check(_ operand: Operand?, _ layout: Layout, isInput: Bool) throws(WeftError) {
                guard let operand, layout != .plain,
                    passed.insert(Need(layout: layout, type: operand.type, space: space, isInput: isInput)).inserted
                else { return }
                let device = offers.devices[choice.device].description
                func broken(_ problem: String) -> WeftError {
                    WeftError(
                        .invalidProvider,
                        "provider '\(device.provider)' offers to run it as '\(way.variant.name)' with \(operand.type) in layout '\(layout)', \(problem)",
                        hint: "a layout states its byte count, and comes with conversions from and to plain",
                        node: node.label)
                }
                guard case .tensor(let type, .fixed(let shape)) = operand.type,
                    layout.byteCount(type, shape) != nil
                else { throw broken("whose byte count for that is not known") }
                let (from, to): (Layout, Layout) = isInput ? (.plain, layout) : (layout, .plain)
                guard self.node(-1, operand.type, from: from, to: to, in: space) != nil else {
                    let way = isInput ? "from" : "to"
                    throw broken("which no device of memory space '\(device.memorySpace)' converts \(way) plain")
                }
            }
            for (index, operand) in node.inputs.enumerated() {
                try check(operand, way.variant.inputLayout(index), isInput: true)
            }
            for (index, operand) in node.outputs.enumerated() {
                try check(operand, way.variant.outputLayout(index), isInput: false)
            }
        }
    }
}
