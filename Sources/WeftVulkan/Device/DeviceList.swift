#if Vulkan
    import CVulkan
    import Glibc
    import WeftProvider

    /// The devices that the provider offers: what the loader finds, best kind first, narrowed by `Environment.device`.
    enum DeviceList {
        /// As preference lists call the provider, and plans its first device.
        static let provider = "vulkan"

        struct Entry {
            let physical: PhysicalDevice
            let instance: Instance
            let description: DeviceDescription
        }

        /// All devices, the preferred one first. Throws why there is none.
        static func current() throws(WeftError) -> [Entry] {
            let instance: Instance
            switch Instance.shared {
            case .success(let made): instance = made
            case .failure(let error): throw error
            }
            var devices = instance.physicalDevices
            if let wish = Environment.device.value { devices = try choose(wish, devices) }
            return devices.enumerated().map { index, physical in
                let id = index == 0 ? provider : "\(provider):\(index)"
                return Entry(physical: physical, instance: instance, description: describe(physical, id: id))
            }
        }

        static func find(_ device: DeviceDescription) throws(WeftError) -> Entry {
            guard let entry = try current().first(where: { $0.description.id == device.id }) else {
                throw WeftError(.providerUnavailable, "there is no device \(device.id) on this machine")
            }
            return entry
        }

        /// The devices that an index, or a part of a name in any case, means.
        private static func choose(_ wish: String, _ devices: [PhysicalDevice]) throws(WeftError) -> [PhysicalDevice] {
            if let index = Int(wish), devices.indices.contains(index) { return [devices[index]] }
            let matching = devices.filter { $0.name.lowercased().contains(wish.lowercased()) }
            guard matching.isEmpty else { return matching }
            let names = devices.enumerated().map { "\($0): \($1.name)" }.joined(separator: ", ")
            throw WeftError(
                .providerUnavailable, "\(Environment.device.name)=\(wish) names no device; there are \(names)",
                hint: "give an index or a part of a name")
        }

        /// The facts that decide support and prices.
        static func describe(_ physical: PhysicalDevice, id: String) -> DeviceDescription {
            let limits = physical.limits
            return DeviceDescription(
                id: id, name: physical.name, provider: provider,
                version: "driver \(String(physical.driverVersion, radix: 16)), API \(physical.apiVersion)",
                kind: {
                    switch physical.kind {
                    case .discrete: .discrete
                    case .software: .software
                    case .integrated, .virtual, .other: .integrated
                    }
                }(),
                memorySpace: id,
                limits: [
                    DeviceLimit.storageRange: Int(limits.maxStorageBufferRange),
                    DeviceLimit.invocations: Int(limits.maxComputeWorkGroupInvocations),
                    DeviceLimit.groupSize: Int(limits.maxComputeWorkGroupSize.0),
                    DeviceLimit.groupCount: Int(
                        min(
                            limits.maxComputeWorkGroupCount.0, limits.maxComputeWorkGroupCount.1,
                            limits.maxComputeWorkGroupCount.2)),
                    DeviceLimit.sharedMemory: Int(limits.maxComputeSharedMemorySize),
                    DeviceLimit.subgroup: physical.subgroupSize,
                ],
                features: physical.subgroupShuffle ? [DeviceFeature.shuffle] : [],
                unifiedMemory: physical.unifiedMemory,
                usesHostCores: physical.kind == .software,
                alignment: max(Int(limits.minStorageBufferOffsetAlignment), 64),
                maxAllocation: physical.maxAllocation, memory: physical.memoryBytes)
        }
    }

    /// Names of the features in a device's description.
    enum DeviceFeature {
        /// Invocations of a subgroup read each other's values.
        static let shuffle = "subgroupShuffle"
    }

    /// Names of the limits in a device's description, Vulkan's own.
    enum DeviceLimit {
        static let storageRange = "maxStorageBufferRange"
        static let invocations = "maxComputeWorkGroupInvocations"
        static let groupSize = "maxComputeWorkGroupSize"
        static let groupCount = "maxComputeWorkGroupCount"
        static let sharedMemory = "maxComputeSharedMemorySize"
        static let subgroup = "subgroupSize"
    }

    extension DeviceDescription {
        /// A limit, or the least that Vulkan guarantees where the description has none.
        func limit(_ name: String) -> Int { limits[name] ?? Self.guaranteed[name] ?? 0 }

        private static let guaranteed = [
            DeviceLimit.storageRange: 1 << 27, DeviceLimit.invocations: 128, DeviceLimit.groupSize: 128,
            DeviceLimit.groupCount: 65535, DeviceLimit.sharedMemory: 16384, DeviceLimit.subgroup: 1,
        ]
    }
#endif
