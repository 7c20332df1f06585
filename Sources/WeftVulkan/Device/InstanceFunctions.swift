#if Vulkan
    import CVulkan
    import WeftProvider

    /// The entry points of an instance that this provider calls.
    struct InstanceFunctions: @unchecked Sendable {
        let enumeratePhysicalDevices: PFN_vkEnumeratePhysicalDevices
        let getPhysicalDeviceProperties2: PFN_vkGetPhysicalDeviceProperties2
        let getPhysicalDeviceFeatures2: PFN_vkGetPhysicalDeviceFeatures2
        let getPhysicalDeviceMemoryProperties: PFN_vkGetPhysicalDeviceMemoryProperties
        let getPhysicalDeviceQueueFamilyProperties: PFN_vkGetPhysicalDeviceQueueFamilyProperties
        let enumerateDeviceExtensionProperties: PFN_vkEnumerateDeviceExtensionProperties
        let createDevice: PFN_vkCreateDevice
        let getDeviceProcAddr: PFN_vkGetDeviceProcAddr

        init(_ loader: Loader, _ instance: VkInstance) throws(WeftError) {
            enumeratePhysicalDevices = try loader.function(
                "vkEnumeratePhysicalDevices", of: instance, PFN_vkEnumeratePhysicalDevices.self)
            getPhysicalDeviceProperties2 = try loader.function(
                "vkGetPhysicalDeviceProperties2", of: instance, PFN_vkGetPhysicalDeviceProperties2.self)
            getPhysicalDeviceFeatures2 = try loader.function(
                "vkGetPhysicalDeviceFeatures2", of: instance, PFN_vkGetPhysicalDeviceFeatures2.self)
            getPhysicalDeviceMemoryProperties = try loader.function(
                "vkGetPhysicalDeviceMemoryProperties", of: instance, PFN_vkGetPhysicalDeviceMemoryProperties.self)
            getPhysicalDeviceQueueFamilyProperties = try loader.function(
                "vkGetPhysicalDeviceQueueFamilyProperties", of: instance,
                PFN_vkGetPhysicalDeviceQueueFamilyProperties.self)
            enumerateDeviceExtensionProperties = try loader.function(
                "vkEnumerateDeviceExtensionProperties", of: instance, PFN_vkEnumerateDeviceExtensionProperties.self)
            createDevice = try loader.function("vkCreateDevice", of: instance, PFN_vkCreateDevice.self)
            getDeviceProcAddr = try loader.function("vkGetDeviceProcAddr", of: instance, PFN_vkGetDeviceProcAddr.self)
        }
    }
#endif
