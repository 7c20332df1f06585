package import WeftProvider

/// The reference provider: every operator, in host memory, without any library.
package struct CPUProvider: Provider {
    package let name = "cpu"
    package let rows = CPUTable.rows

    package init() {}

    package static let device = DeviceDescription(id: "cpu", name: "host processor", provider: "cpu", kind: .host)

    package func devices() -> (found: [DeviceDescription], unavailable: String?) { ([Self.device], nil) }

    package func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
        HostDevice(device, provider: self)
    }
}
