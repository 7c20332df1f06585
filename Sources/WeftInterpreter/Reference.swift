package import WeftGraph
package import WeftProvider

/// Runs single nodes on the reference provider: to fold constants, and for nodes that are in no plan.
package final class Reference: Sendable {
    package let provider: any Provider
    package let device: any Device
    package let store: any ConstantStore
    /// Other devices of the host, in order of preference, for nodes that the reference provider declines.
    private let others: [Other]

    /// A device that is asked if the reference provider declines a node.
    package struct Other: Sendable {
        let provider: any Provider
        let description: DeviceDescription
        let device: any Device

        package init(_ provider: any Provider, _ description: DeviceDescription, _ device: any Device) {
            self.provider = provider
            self.description = description
            self.device = device
        }
    }

    package init(
        _ provider: any Provider, store: any ConstantStore, others: [Other] = []
    ) throws(WeftError) {
        self.provider = provider
        self.store = store
        self.others = others.filter(\.description.isHost)
        guard let description = provider.devices().found.first else {
            throw WeftError(.providerUnavailable, "the reference provider \(provider.name) has no device")
        }
        device = try provider.open(description)
    }

    /// Runs one node on given values. Not for If, Loop and Scan.
    ///
    /// Throws `.unsupportedOperator` if the reference provider and all other devices of the host decline the node.
    package func run(
        _ node: Node, _ inputs: [Datum?], workers: any Workers, budget: MemoryBudget
    ) throws(WeftError) -> [Value?] {
        let schema = node.schema
        var contents: [Constant?] = []
        for (index, datum) in inputs.enumerated() {
            switch datum {
            case .constant(let constant): contents.append(constant)
            case .value(let value):
                contents.append(schema?.hostInputs.contains(index) == true ? ConstantFactory.constant(value) : nil)
            case nil: contents.append(nil)
            }
        }
        let inputIDs = Array(inputs.indices)
        let outputIDs = node.outputs.indices.map { inputs.count + $0 }
        let view = try NodeResolver.resolve(
            node, inputs: inputs.map { $0?.type }, contents: contents, id: node.id, inputIDs: inputIDs,
            outputIDs: outputIDs)
        let (device, variant) = try runner(of: view)
        let scratchBytes = variant.scratch + variant.scratchPerWorker * workers.count
        let scratch = scratchBytes > 0 ? try BufferView.allocate(byteCount: scratchBytes) : nil
        let slots = Slots(count: inputs.count + node.outputs.count, budget: budget)
        var places: [Int: Place] = [:]
        for (index, datum) in inputs.enumerated() where datum != nil {
            if contents[index] == nil, let value = try datum?.value() { slots.set(index, value) }
            places[index] = .dynamic(index)
        }
        for (index, operand) in view.outputs.enumerated() {
            guard let operand else { continue }
            if case .tensor(let type, .fixed(let shape)) = operand.type, type != .string {
                slots.set(operand.value, .tensor(try budget.allocate(type, shape)))
            }
            places[outputIDs[index]] = .dynamic(operand.value)
        }
        let segment = Segment(
            graph: GraphView(nodes: [view], inputs: inputIDs, outputs: outputIDs), variants: [variant])
        let bound = try device.compile(segment, constants: store).bind(places, scratch: scratch)
        try device.wait(try bound.submit(RunContext(values: slots, workers: workers)))
        var results: [Value?] = []
        for operand in view.outputs {
            guard let operand else {
                results.append(nil)
                continue
            }
            results.append(try slots.value(operand.value))
        }
        return results
    }

    /// The device and variant that run a node, with plain layouts if there is such a variant.
    private func runner(of view: NodeView) throws(WeftError) -> (device: any Device, variant: Variant) {
        switch provider.support(view, on: device.description) {
        case .variants(let variants):
            guard let variant = variants.first(where: \.isPlain) ?? variants.first else {
                throw WeftError(.internalInconsistency, "\(provider.name) offers no variant", node: view.label)
            }
            return (device, variant)
        case .declined(let reason):
            for other in others {
                if case .variants(let variants) = other.provider.support(view, on: other.description),
                    let variant = variants.first(where: \.isPlain)
                {
                    return (other.device, variant)
                }
            }
            throw WeftError(
                .unsupportedOperator, "\(provider.name) \(reason)",
                hint: "`weft providers` and providers.md list what each provider runs", node: view.label)
        }
    }
}
