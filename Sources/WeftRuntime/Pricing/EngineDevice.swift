package import WeftProvider

/// A device that nodes may be placed on, in the order of the caller's preference.
package struct EngineDevice: Sendable {
    package let provider: any Provider
    package let description: DeviceDescription
    package let device: any Device
    package let rates: DeviceRates
    /// Bytes that a session may take there, values, staging, scratch and weights together; nil for as many as there are.
    package let memoryLimit: Int?

    package init(
        provider: any Provider, description: DeviceDescription, device: any Device, rates: DeviceRates,
        memoryLimit: Int? = nil
    ) {
        self.provider = provider
        self.description = description
        self.device = device
        self.rates = rates
        let own = description.isHost || description.memory <= 0 ? nil : description.memory
        self.memoryLimit = description.isHost ? nil : [memoryLimit, own].compactMap { $0 }.min()
    }
}
