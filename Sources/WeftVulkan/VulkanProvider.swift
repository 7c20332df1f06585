package import WeftProvider

/// Runs ONNX nodes as compute shaders on any device of Vulkan 1.2, or 1.1 with timeline semaphores.
///
/// Built without the `Vulkan` trait it is there, has no device, and says why.
package struct VulkanProvider: Provider {
    package init() {}

    package var name: String { Self.name }
    static let name = "vulkan"

    package var environment: [EnvironmentVariable] { [Environment.device, Environment.validation] }

    #if Vulkan
        package var rows: [SupportRow] { VulkanTable.rows }

        package func devices() -> (found: [DeviceDescription], unavailable: String?) {
            do throws(WeftError) {
                return (try DeviceList.current().map(\.description), nil)
            } catch {
                return ([], error.message)
            }
        }

        package func fusions(in graph: GraphView, on device: DeviceDescription) -> [Fusion] {
            var search = FusionSearch(graph, device)
            return search.run()
        }

        package func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
            try VulkanDevice(DeviceList.find(device))
        }

        package var details: [(name: String, value: String)] {
            guard case .success(let instance) = Instance.shared else { return [] }
            return instance.physicalDevices.map { device in
                let api = "\(device.apiVersion >> 22).\(device.apiVersion >> 12 & 0x3ff)"
                return (device.name, "Vulkan \(api), subgroups of \(device.subgroupSize)")
            }
        }
    #else
        package var rows: [SupportRow] { [] }

        package func devices() -> (found: [DeviceDescription], unavailable: String?) {
            ([], "this build leaves Vulkan out; build with the package trait Vulkan")
        }

        package func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
            throw WeftError(
                .providerUnavailable, "this build leaves Vulkan out", hint: "build with the package trait Vulkan")
        }
    #endif
}
