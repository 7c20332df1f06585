import WeftCPU
import WeftOpenBLAS
public import WeftProvider
import WeftVulkan

/// The providers that ship with Weft, fastest kinds of device first; `cpu` last.
public enum DefaultProviders {
    /// One instance of each, made when first asked for.
    public static let all: [any Provider] = [
        VulkanProvider(),
        OpenBLASProvider(),
        reference,
    ]

    /// The provider that has every operator.
    static let reference = CPUProvider()
}
