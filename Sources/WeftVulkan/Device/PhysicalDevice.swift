#if Vulkan
    import CVulkan

    /// A device as the driver describes it: plain values, and the handle that opens it.
    struct PhysicalDevice: @unchecked Sendable {
        /// What kind of hardware it is, best first.
        enum Kind: Int, Comparable, Sendable {
            case discrete, integrated, virtual, other, software
            static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
        }

        let handle: VkPhysicalDevice
        let name: String
        let kind: Kind
        let apiVersion: UInt32
        let driverVersion: UInt32
        let vendorID: UInt32
        let deviceID: UInt32
        let limits: VkPhysicalDeviceLimits
        /// Lanes of a subgroup, and whether compute shaders may read each other's values in it.
        let subgroupSize: Int
        let subgroupShuffle: Bool
        let maxAllocation: Int
        let queueFamily: UInt32
        /// How many bits of the queue's time stamps count; zero where it writes none.
        let timestampBits: Int
        let memory: VkPhysicalDeviceMemoryProperties
        /// Bytes of the largest heap that is the device's own.
        let memoryBytes: Int
        /// Whether the timeline semaphore comes from the extension, the core version being 1.1.
        let timelineExtension: Bool
        let pipelineCacheUUID: [UInt8]

        /// Nil for a device without a compute queue or timeline semaphores.
        init?(_ handle: VkPhysicalDevice, _ functions: InstanceFunctions) {
            self.handle = handle
            var maintenance = VkPhysicalDeviceMaintenance3Properties()
            maintenance.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES
            var subgroup = VkPhysicalDeviceSubgroupProperties()
            subgroup.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES
            var properties = VkPhysicalDeviceProperties2()
            properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2
            withUnsafeMutablePointer(to: &maintenance) { maintenance in
                subgroup.pNext = UnsafeMutableRawPointer(maintenance)
                withUnsafeMutablePointer(to: &subgroup) { subgroup in
                    properties.pNext = UnsafeMutableRawPointer(subgroup)
                    functions.getPhysicalDeviceProperties2(handle, &properties)
                }
            }
            let basic = properties.properties
            guard basic.apiVersion >= version(1, 1) else { return nil }
            name = cString(basic.deviceName)
            apiVersion = basic.apiVersion
            driverVersion = basic.driverVersion
            vendorID = basic.vendorID
            deviceID = basic.deviceID
            limits = basic.limits
            pipelineCacheUUID = withUnsafeBytes(of: basic.pipelineCacheUUID) { Array($0) }
            kind =
                switch basic.deviceType {
                case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: .discrete
                case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU: .integrated
                case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: .virtual
                case VK_PHYSICAL_DEVICE_TYPE_CPU: .software
                default: .other
                }
            subgroupSize = Int(subgroup.subgroupSize)
            let wanted =
                UInt32(VK_SUBGROUP_FEATURE_BASIC_BIT.rawValue) | UInt32(VK_SUBGROUP_FEATURE_SHUFFLE_BIT.rawValue)
            subgroupShuffle =
                subgroup.supportedStages & UInt32(VK_SHADER_STAGE_COMPUTE_BIT.rawValue) != 0
                && subgroup.supportedOperations & wanted == wanted
            maxAllocation = Int(clamping: maintenance.maxMemoryAllocationSize)

            timelineExtension = basic.apiVersion < version(1, 2)
            var timeline = VkPhysicalDeviceTimelineSemaphoreFeatures()
            timeline.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_TIMELINE_SEMAPHORE_FEATURES
            var features = VkPhysicalDeviceFeatures2()
            features.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2
            withUnsafeMutablePointer(to: &timeline) { timeline in
                features.pNext = UnsafeMutableRawPointer(timeline)
                functions.getPhysicalDeviceFeatures2(handle, &features)
            }
            guard timeline.timelineSemaphore != 0 else { return nil }

            guard let family = Self.computeFamily(handle, functions) else { return nil }
            (queueFamily, timestampBits) = family
            var memory = VkPhysicalDeviceMemoryProperties()
            functions.getPhysicalDeviceMemoryProperties(handle, &memory)
            self.memory = memory
            memoryBytes = withUnsafeBytes(of: memory.memoryHeaps) { raw in
                raw.bindMemory(to: VkMemoryHeap.self).prefix(Int(memory.memoryHeapCount))
                    .filter { $0.flags & UInt32(VK_MEMORY_HEAP_DEVICE_LOCAL_BIT.rawValue) != 0 }
                    .map { Int(clamping: $0.size) }.max() ?? 0
            }
        }

        /// A family with compute, preferring one without graphics: its work does not queue behind a desktop's.
        private static func computeFamily(_ handle: VkPhysicalDevice, _ functions: InstanceFunctions) -> (UInt32, Int)?
        {
            var count: UInt32 = 0
            functions.getPhysicalDeviceQueueFamilyProperties(handle, &count, nil)
            var families = [VkQueueFamilyProperties](repeating: VkQueueFamilyProperties(), count: Int(count))
            functions.getPhysicalDeviceQueueFamilyProperties(handle, &count, &families)
            let compute = UInt32(VK_QUEUE_COMPUTE_BIT.rawValue)
            let graphics = UInt32(VK_QUEUE_GRAPHICS_BIT.rawValue)
            let able = families.indices.filter { families[$0].queueFlags & compute != 0 }
            let chosen = able.first { families[$0].queueFlags & graphics == 0 } ?? able.first
            return chosen.map { (UInt32($0), Int(families[$0].timestampValidBits)) }
        }

        /// The flags of each memory type, in the driver's order.
        var memoryTypes: [UInt32] {
            withUnsafeBytes(of: memory.memoryTypes) { raw in
                raw.bindMemory(to: VkMemoryType.self).prefix(Int(memory.memoryTypeCount)).map(\.propertyFlags)
            }
        }

        /// Whether device and host share one memory, so that no value needs a copy.
        var unifiedMemory: Bool {
            let both = MemoryFlags.deviceLocal | MemoryFlags.hostVisible | MemoryFlags.hostCoherent
            return kind != .discrete && memoryTypes.contains { $0 & both == both }
        }
    }

    /// Memory property bits as plain numbers.
    enum MemoryFlags {
        static let deviceLocal = UInt32(VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT.rawValue)
        static let hostVisible = UInt32(VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT.rawValue)
        static let hostCoherent = UInt32(VK_MEMORY_PROPERTY_HOST_COHERENT_BIT.rawValue)
        static let hostCached = UInt32(VK_MEMORY_PROPERTY_HOST_CACHED_BIT.rawValue)
    }
#endif
