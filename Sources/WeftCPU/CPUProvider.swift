package import WeftProvider
import WeftProviderKit

/// The reference provider: every operator, in host memory, without any library.
package struct CPUProvider: Provider {
    package let name = "cpu"
    package let rows = CPUTable.rows

    package init() {}

    /// Read by the kernels in C when the first of them runs.
    package let environment = [
        EnvironmentVariable(
            "WEFT_ISA", values: "avx512, avx2, neon or generic", standard: "the widest that the processor has",
            summary: "The instruction set that vectorised kernels on the host may use.")
    ]

    package static let device = DeviceDescription(id: "cpu", name: "host processor", provider: "cpu", kind: .host)

    package func devices() -> (found: [DeviceDescription], unavailable: String?) { ([Self.device], nil) }

    package func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
        HostDevice(device, provider: self)
    }
}
