#if Vulkan
    import CVulkan
    import WeftProvider

    /// Collects what the validation layers say; tests demand that it stays empty.
    final class ValidationLog: @unchecked Sendable {
        private let lock = Lock()
        private var collected: [String] = []

        /// The warnings and errors so far.
        var messages: [String] { lock.withLock { collected } }

        func add(_ message: String) { lock.withLock { collected.append(message) } }

        /// A create info whose callback appends to this log; the log must outlive the messenger.
        func messengerInfo() -> VkDebugUtilsMessengerCreateInfoEXT {
            var info = VkDebugUtilsMessengerCreateInfoEXT()
            info.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT
            info.messageSeverity =
                UInt32(VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT.rawValue)
                | UInt32(VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT.rawValue)
            info.messageType =
                UInt32(VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT.rawValue)
            info.pfnUserCallback = { _, _, data, user in
                guard let user, let text = data?.pointee.pMessage else { return 0 }
                Unmanaged<ValidationLog>.fromOpaque(user).takeUnretainedValue().add(String(cString: text))
                return 0
            }
            info.pUserData = Unmanaged.passUnretained(self).toOpaque()
            return info
        }
    }
#endif
