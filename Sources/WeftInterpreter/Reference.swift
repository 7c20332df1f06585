package import WeftGraph
package import WeftProvider

/// The reference provider, ready to run single nodes: it folds constants and serves whatever no plan covers.
package final class Reference: Sendable {
    package let provider: any Provider
    package let device: any Device
    package let store: any ConstantStore

    package init(_ provider: any Provider, store: any ConstantStore) throws(WeftError) {
        self.provider = provider
        self.store = store
        guard let description = provider.devices().found.first else {
            throw WeftError(.providerUnavailable, "the reference provider \(provider.name) has no device")
        }
        device = try provider.open(description)
    }

    /// Runs one node on values at hand. Not for If, Loop and Scan.
    ///
    /// Throws `.unsupportedOperator` where the reference provider declines the node.
    package func run(
        _ node: Node, _ inputs: [Datum?], workers: any Workers, budget: MemoryBudget
    ) throws(WeftError) -> [Value?] {
        let schema = OperatorTable.schema(node.opType, domain: node.domain)
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
        let variant = try plainVariant(of: view)
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

    /// The first variant that takes and gives plain layouts; the first of all where none does.
    private func plainVariant(of view: NodeView) throws(WeftError) -> Variant {
        let offered: [Variant]
        switch provider.support(view, on: device.description) {
        case .variants(let variants): offered = variants
        case .declined(let reason):
            throw WeftError(
                .unsupportedOperator, "\(provider.name) \(reason)",
                hint: "`weft providers` and providers.md list what each provider runs", node: view.label)
        }
        let plain = offered.first { variant in
            variant.inputLayouts.allSatisfy { $0 == .plain } && variant.outputLayouts.allSatisfy { $0 == .plain }
        }
        guard let variant = plain ?? offered.first else {
            throw WeftError(.internalInconsistency, "\(provider.name) offers no variant", node: view.label)
        }
        return variant
    }
}
