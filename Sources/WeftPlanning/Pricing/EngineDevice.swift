import WeftPlacement
package import WeftProvider

/// A device that nodes may be placed on, in the order of the caller's preference.
package struct EngineDevice: Sendable {
    package let provider: any Provider
    package let description: DeviceDescription
    package let device: any Device
    package var rates: DeviceRates
    /// Measured prices of nodes, by variant.
    package var tuned: [NodeKey: [String: Price]]
    /// Measured prices of transfers.
    var tunedTransfers: [TunedPrices.TransferKey: Price] = [:]
    /// Bytes that a session may use there: values, staging, scratch and weights together; nil for no limit.
    package let memoryLimit: Int?

    package init(
        provider: any Provider, description: DeviceDescription, device: any Device, rates: DeviceRates,
        memoryLimit: Int? = nil, tuned: [NodeKey: [String: Price]] = [:]
    ) {
        self.provider = provider
        self.description = description
        self.device = device
        self.rates = rates
        let own = description.isHost || description.memory <= 0 ? nil : description.memory
        self.memoryLimit = description.isHost ? nil : [memoryLimit, own].compactMap { $0 }.min()
        self.tuned = tuned
    }

    /// The price of a transfer from the host to the device, or back.
    package func transferPrice(_ bytes: Int, isUpload: Bool) -> Price {
        guard !description.isHost, let link = isUpload ? rates.upload : rates.download else { return .none }
        if let known = tunedTransfers[.init(device: description.id, isUpload: isUpload, bytes: bytes)] { return known }
        return Price(
            link.seconds(bytes: bytes), spread: link.spread, source: rates.source(of: isUpload ? .upload : .download))
    }

    /// The variants of a node with their prices: measured for this very node, else calculated from work and rates.
    package func ways(_ variants: [Variant], of node: NodeView) -> [Way] {
        let measured = tuned.isEmpty ? nil : tuned[NodeKey(node)]
        let type = node.inputType(0) ?? node.outputType(0) ?? .float32
        return variants.map { variant in
            if let price = measured?[variant.name] { return Way(variant: variant, price: price) }
            var work = variant.work
            // On the host a view takes no time: the plan lets its output be its input's memory.
            if variant.view != nil, description.isHost { (work.flops, work.bytes) = (0, 0) }
            return Way(variant: variant, price: rates.price(work, type))
        }
    }
}

extension [EngineDevice] {
    /// The number of a device's memory space: zero for the host's, else the index of the space's first device plus one.
    ///
    /// The first device allocates the memory that all devices of the space work in.
    package func space(of device: Int) -> Int {
        let description = self[device].description
        if description.isHost { return 0 }
        return (firstIndex { $0.description.memorySpace == description.memorySpace } ?? device) + 1
    }

    /// All devices in the memory space of a device.
    func sharing(memoryOf device: Int) -> [DeviceDescription] {
        let space = self[device].description.memorySpace
        return lazy.map(\.description).filter { $0.memorySpace == space }
    }
}
