#if Vulkan
    import CVulkan
    import Glibc
    import WeftProvider

    /// The Vulkan loader, opened at run time so that a machine without it still runs.
    ///
    /// Never closed: layers and drivers keep threads and exit handlers of their own.
    struct Loader: @unchecked Sendable {
        let getInstanceProcAddr: PFN_vkGetInstanceProcAddr

        /// The file names that are tried, in order.
        static let names = ["libvulkan.so.1", "libvulkan.so"]

        init() throws(WeftError) {
            var reason = "no reason given"
            for name in Self.names {
                guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
                    if let text = dlerror() { reason = String(cString: text) }
                    continue
                }
                guard let symbol = dlsym(handle, "vkGetInstanceProcAddr") else {
                    reason = "\(name) has no vkGetInstanceProcAddr"
                    continue
                }
                getInstanceProcAddr = unsafeBitCast(symbol, to: PFN_vkGetInstanceProcAddr.self)
                return
            }
            throw WeftError(
                .providerUnavailable, "the Vulkan loader cannot be opened (\(reason)); install libvulkan1 and a driver")
        }

        /// The entry point of a name as the function type `F`; throws if the loader or a driver lacks it.
        func function<F>(_ name: String, of instance: VkInstance?, _: F.Type) throws(WeftError) -> F {
            guard let pointer = getInstanceProcAddr(instance, name) else {
                throw WeftError(.providerUnavailable, "the Vulkan loader has no \(name)")
            }
            return unsafeBitCast(pointer, to: F.self)
        }
    }
#endif
