package import WeftProvider
import WeftProviderKit

/// Runs ONNX nodes as compute shaders on any device of Vulkan 1.2, or 1.1 with timeline semaphores.
///
/// Built without the `Vulkan` trait it is there, has no device, and says why.
package struct VulkanProvider: Provider {
    package init() {}

    package var name: String { "vulkan" }

    package var environment: [EnvironmentVariable] {
        [Environment.device, Environment.validation, CacheDirectory.variable]
    }

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
            func runs(_ node: NodeView) -> Bool {
                if case .variants = support(node, on: device) { true } else { false }
            }
            var search = EpilogueSearch(
                graph, heads: ["Conv", "MatMul", "Gemm"], activations: Epilogue.activations, admits: runs)
            return search.fusions().filter { runs($0.fused) }
        }

        package func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
            try VulkanDevice(DeviceList.find(device))
        }

        package func tune(_ device: any Device, seconds: Double) throws(WeftError) -> [TunedFeature] {
            guard let device = device as? VulkanDevice else {
                throw WeftError(.internalInconsistency, "\(device.description.id) was not opened by this provider")
            }
            return try TileTuning(device: device, provider: self).run(seconds: seconds).compactMap { result in
                result.best.map {
                    TunedFeature(TileFeature.name(result.kind, $0), remark: result.description)
                }
            }
        }

        package var details: [(name: String, value: String)] {
            guard case .success(let instance) = Instance.shared else { return [] }
            return instance.physicalDevices.map { device in
                let api = "\(device.apiVersion >> 22).\(device.apiVersion >> 12 & 0x3ff)"
                var text = "Vulkan \(api), subgroups of \(device.subgroupSize)"
                switch PipelineFile(device)?.load(for: device) {
                case .data(let bytes)?: text += ", \(bytes.count) bytes of pipelines kept"
                case .refused(let reason)?: text += ", \(reason)"
                case nil, .some(.none): break
                }
                return (device.name, text)
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
