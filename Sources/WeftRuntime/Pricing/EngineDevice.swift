package import WeftProvider

/// A device that nodes may be placed on, in the order of the caller's preference.
package struct EngineDevice: Sendable {
    package let provider: any Provider
    package let description: DeviceDescription
    package let device: any Device
    package let rates: DeviceRates

    package init(
        provider: any Provider, description: DeviceDescription, device: any Device, rates: DeviceRates
    ) {
        self.provider = provider
        self.description = description
        self.device = device
        self.rates = rates
    }
}
