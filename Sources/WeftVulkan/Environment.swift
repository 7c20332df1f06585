import WeftProvider

/// The variables that the provider reads.
enum Environment {
    static let device = EnvironmentVariable(
        "WEFT_VULKAN_DEVICE", values: "a device's number or a part of its name", standard: "all, the best kind first",
        summary: "Which of the Vulkan loader's devices there are for Weft.")
    static let validation = EnvironmentVariable(
        "WEFT_VULKAN_VALIDATION", values: "1", standard: "off",
        summary: "Runs under the Vulkan validation layer, which must be installed.")
}
