#if Vulkan
    import CVulkan
    import Glibc
    import WeftProvider

    /// The process's Vulkan instance, made once and kept until the process ends.
    ///
    /// With `Environment.validation` set it loads the validation layer, synchronisation checks included.
    final class Instance: @unchecked Sendable {
        let loader: Loader
        let handle: VkInstance
        let functions: InstanceFunctions
        /// What the validation layer reported; nil when it is not on.
        let validation: ValidationLog?
        let physicalDevices: [PhysicalDevice]

        /// The instance, or why this machine has none.
        static let shared: Result<Instance, WeftError> = {
            do throws(WeftError) { return .success(try Instance()) } catch { return .failure(error) }
        }()

        static let validationLayer = "VK_LAYER_KHRONOS_validation"

        private init() throws(WeftError) {
            loader = try Loader()
            let wanted = Environment.validation.value == "1"
            if wanted, try !Self.hasLayer(Self.validationLayer, loader) {
                throw WeftError(
                    .providerUnavailable,
                    "\(Environment.validation.name)=1 asks for \(Self.validationLayer), which is not installed; "
                        + "install vulkan-validationlayers or unset it")
            }
            validation = wanted ? ValidationLog() : nil
            handle = try Self.create(loader, validation)
            functions = try InstanceFunctions(loader, handle)
            if let validation { try Self.listen(loader, handle, validation) }
            physicalDevices = try Self.describeAll(functions, handle)
            if physicalDevices.isEmpty {
                throw WeftError(
                    .providerUnavailable, "the Vulkan loader finds no device that can compute; see vulkaninfo")
            }
        }

        static func hasLayer(_ name: String, _ loader: Loader) throws(WeftError) -> Bool {
            let enumerate = try loader.function(
                "vkEnumerateInstanceLayerProperties", of: nil, PFN_vkEnumerateInstanceLayerProperties.self)
            var count: UInt32 = 0
            try WeftError.check(enumerate(&count, nil), "vkEnumerateInstanceLayerProperties")
            var layers = [VkLayerProperties](repeating: VkLayerProperties(), count: Int(count))
            try WeftError.check(enumerate(&count, &layers), "vkEnumerateInstanceLayerProperties")
            return layers.prefix(Int(count)).contains { cString($0.layerName) == name }
        }

        private static func create(_ loader: Loader, _ validation: ValidationLog?) throws(WeftError) -> VkInstance {
            let createInstance = try loader.function("vkCreateInstance", of: nil, PFN_vkCreateInstance.self)
            var application = VkApplicationInfo()
            application.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO
            application.apiVersion = version(1, 2)
            var enabled = [
                VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT
            ]
            var handle: VkInstance?
            let layer = strdup(validationLayer)
            let debug = strdup(VK_EXT_DEBUG_UTILS_EXTENSION_NAME)
            let features = strdup(VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME)
            defer { for text in [layer, debug, features] { free(text) } }
            let layers = [UnsafePointer(layer)]
            let extensions = [UnsafePointer(debug), UnsafePointer(features)]
            let result = withUnsafePointer(to: &application) { application in
                enabled.withUnsafeMutableBufferPointer { enabled in
                    layers.withUnsafeBufferPointer { layers in
                        extensions.withUnsafeBufferPointer { extensions in
                            var features = VkValidationFeaturesEXT()
                            features.sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT
                            features.enabledValidationFeatureCount = UInt32(enabled.count)
                            features.pEnabledValidationFeatures = UnsafePointer(enabled.baseAddress)
                            return withUnsafePointer(to: &features) { features in
                                var info = VkInstanceCreateInfo()
                                info.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO
                                info.pApplicationInfo = application
                                if validation != nil {
                                    info.pNext = UnsafeRawPointer(features)
                                    info.enabledLayerCount = 1
                                    info.ppEnabledLayerNames = layers.baseAddress
                                    info.enabledExtensionCount = 2
                                    info.ppEnabledExtensionNames = extensions.baseAddress
                                }
                                return createInstance(&info, nil, &handle)
                            }
                        }
                    }
                }
            }
            try WeftError.check(result, "vkCreateInstance")
            guard let handle else { throw WeftError(.internalInconsistency, "vkCreateInstance returned no instance") }
            return handle
        }

        private static func listen(_ loader: Loader, _ handle: VkInstance, _ log: ValidationLog) throws(WeftError) {
            let create = try loader.function(
                "vkCreateDebugUtilsMessengerEXT", of: handle, PFN_vkCreateDebugUtilsMessengerEXT.self)
            var info = log.messengerInfo()
            var messenger: VkDebugUtilsMessengerEXT?
            try WeftError.check(create(handle, &info, nil, &messenger), "vkCreateDebugUtilsMessengerEXT")
        }

        private static func describeAll(
            _ functions: InstanceFunctions, _ handle: VkInstance
        ) throws(WeftError) -> [PhysicalDevice] {
            var count: UInt32 = 0
            try WeftError.check(functions.enumeratePhysicalDevices(handle, &count, nil), "vkEnumeratePhysicalDevices")
            var handles = [VkPhysicalDevice?](repeating: nil, count: Int(count))
            try WeftError.check(
                functions.enumeratePhysicalDevices(handle, &count, &handles), "vkEnumeratePhysicalDevices")
            let found = handles.prefix(Int(count)).compactMap { $0 }.compactMap { PhysicalDevice($0, functions) }
            // A stable sort: devices of one kind keep the loader's order.
            return found.enumerated().sorted { ($0.element.kind, $0.offset) < ($1.element.kind, $1.offset) }
                .map(\.element)
        }
    }

    /// A packed version number as Vulkan compares it.
    func version(_ major: UInt32, _ minor: UInt32) -> UInt32 { major << 22 | minor << 12 }

    /// The text of a fixed-size C character array.
    func cString<T>(_ tuple: T) -> String {
        withUnsafeBytes(of: tuple) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }
#endif
