#if Vulkan
    import CVulkan
    import WeftProvider

    extension WeftError {
        /// Throws what a result code other than success means for the caller of `call`.
        static func check(_ result: VkResult, _ call: StaticString) throws(WeftError) {
            if result == VK_SUCCESS { return }
            throw WeftError(result, call)
        }

        private init(_ result: VkResult, _ call: StaticString) {
            let number = "VkResult \(result.rawValue)"
            switch result {
            case VK_ERROR_OUT_OF_HOST_MEMORY, VK_ERROR_OUT_OF_DEVICE_MEMORY, VK_ERROR_FRAGMENTED_POOL,
                VK_ERROR_OUT_OF_POOL_MEMORY, VK_ERROR_TOO_MANY_OBJECTS:
                self.init(
                    .outOfMemory, "\(call) found no memory (\(number))", hint: "free device memory or run on the host")
            case VK_ERROR_DEVICE_LOST:
                self.init(.deviceLost, "\(call): the device is lost", hint: "open the session again or run on the host")
            case VK_TIMEOUT:
                self.init(.timeout, "\(call) did not finish before its deadline")
            case VK_ERROR_INCOMPATIBLE_DRIVER, VK_ERROR_INITIALIZATION_FAILED, VK_ERROR_LAYER_NOT_PRESENT,
                VK_ERROR_EXTENSION_NOT_PRESENT, VK_ERROR_FEATURE_NOT_PRESENT:
                self.init(
                    .providerUnavailable, "\(call): no driver that fits (\(number))",
                    hint: "install a Vulkan 1.2 driver; vulkaninfo lists what there is")
            default:
                self.init(.internalInconsistency, "\(call) failed with \(number)")
            }
        }
    }
#endif
