package import WeftProvider

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

        package func tune(_ device: DeviceDescription) throws(WeftError) -> [String] {
            guard let folder = CacheFolder.user else {
                throw WeftError(
                    .invalidOption, "there is no folder to keep measurements in",
                    hint: "set WEFT_CACHE_DIR, XDG_CACHE_HOME or HOME")
            }
            let entry = try DeviceList.find(device)
            let results = try TileTuning(device: try VulkanDevice(entry), provider: self).run()
            var best: [String: String] = [:]
            for result in results { best[result.kind] = result.seconds.first?.shape }
            guard TileMemory.store(best, entry.physical, in: folder) else {
                throw WeftError(.unreadableFile, "\(folder.path) cannot be written")
            }
            return results.map(\.description)
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
