#if Vulkan
    import CVulkan
    import WeftProvider

    /// Which compute pipeline: a shader of CWeftShaders and the values of its specialisation constants.
    struct PipelineKey: Hashable, Sendable {
        let shader: String
        /// The value of `constant_id` 0, 1, …
        let constants: [UInt32]
    }

    /// A pipeline with the layouts that its shader needs.
    struct Pipeline: @unchecked Sendable {
        let shader: String
        let handle: VkPipeline
        let layout: VkPipelineLayout
        let setLayout: VkDescriptorSetLayout
        let bindings: Int
        let pushBytes: Int
    }

    /// A device's pipelines, made when first needed and kept until it closes.
    ///
    /// What the driver compiled is kept for later processes too, see `PipelineFile`.
    final class PipelineCache: @unchecked Sendable {
        private let device: VkDevice
        private let functions: DeviceFunctions
        private let file: PipelineFile?
        private let lock = Lock()
        private var made: [PipelineKey: Pipeline] = [:]
        /// Set and pipeline layouts by number of bindings: every shader takes storage buffers 0, 1, … and one push block.
        private var layouts: [Int: (VkDescriptorSetLayout, VkPipelineLayout)] = [:]
        private var modules: [String: VkShaderModule] = [:]
        private let cache: VkPipelineCache?
        /// Why what earlier processes kept was not used; nil where it was, or there was nothing.
        let refusal: String?

        /// Push constants that every device has room for.
        static let pushBytes = 128

        init(
            _ device: VkDevice, _ functions: DeviceFunctions, _ physical: PhysicalDevice, _ file: PipelineFile?
        ) throws(WeftError) {
            self.device = device
            self.functions = functions
            self.file = file
            let kept = file?.load(for: physical)
            if case .refused(let reason)? = kept { refusal = reason } else { refusal = nil }
            var cache: VkPipelineCache?
            let result = (kept?.bytes ?? []).withUnsafeBytes { bytes in
                var info = VkPipelineCacheCreateInfo()
                info.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO
                info.initialDataSize = bytes.count
                info.pInitialData = bytes.baseAddress
                return functions.createPipelineCache(device, &info, nil, &cache)
            }
            try WeftError.check(result, "vkCreatePipelineCache")
            self.cache = cache
        }

        /// Called by the device before it is destroyed; nothing may use the pipelines any more.
        func destroy() {
            lock.withLock {
                for pipeline in made.values { functions.destroyPipeline(device, pipeline.handle, nil) }
                for module in modules.values { functions.destroyShaderModule(device, module, nil) }
                for (set, layout) in layouts.values {
                    functions.destroyPipelineLayout(device, layout, nil)
                    functions.destroyDescriptorSetLayout(device, set, nil)
                }
                functions.destroyPipelineCache(device, cache, nil)
                made = [:]
                modules = [:]
                layouts = [:]
            }
        }

        /// The pipelines of all keys; those that are missing are made on as many threads as there are cores.
        func pipelines(_ keys: Set<PipelineKey>) throws(WeftError) -> [PipelineKey: Pipeline] {
            var found: [PipelineKey: Pipeline] = [:]
            var missing: [Recipe] = []
            try lock.withLock { () throws(WeftError) in
                for key in keys {
                    if let known = made[key] { found[key] = known } else { missing.append(try recipe(key)) }
                }
            }
            if missing.isEmpty { return found }
            let fresh = Threads.map(missing) { recipe -> Result<Pipeline, WeftError> in
                do throws(WeftError) {
                    let handle = try self.create(recipe)
                    return .success(
                        Pipeline(
                            shader: recipe.key.shader, handle: handle, layout: recipe.layout, setLayout: recipe.set,
                            bindings: recipe.bindings, pushBytes: Self.pushBytes))
                } catch { return .failure(error) }
            }
            var failure: WeftError?
            lock.withLock {
                for (recipe, result) in zip(missing, fresh) {
                    switch result {
                    case .failure(let error): failure = failure ?? error
                    case .success(let pipeline):
                        if let first = made[recipe.key] {
                            // Somebody else made it meanwhile.
                            functions.destroyPipeline(device, pipeline.handle, nil)
                            found[recipe.key] = first
                        } else {
                            made[recipe.key] = pipeline
                            found[recipe.key] = pipeline
                        }
                    }
                }
            }
            if let failure { throw failure }
            keep()
            return found
        }

        /// Writes what the driver has compiled so far; a directory that cannot be written keeps nothing.
        private func keep() {
            guard let file else { return }
            var count = 0
            guard functions.getPipelineCacheData(device, cache, &count, nil) == VK_SUCCESS, count > 0 else { return }
            var bytes = [UInt8](repeating: 0, count: count)
            let result = bytes.withUnsafeMutableBytes {
                functions.getPipelineCacheData(device, cache, &count, $0.baseAddress)
            }
            if result == VK_SUCCESS { file.store(bytes.prefix(count)) }
        }

        /// All that making a pipeline needs: none of it changes, so threads may share it.
        private struct Recipe: @unchecked Sendable {
            let key: PipelineKey
            let module: VkShaderModule
            let set: VkDescriptorSetLayout
            let layout: VkPipelineLayout
            let bindings: Int
        }

        private func recipe(_ key: PipelineKey) throws(WeftError) -> Recipe {
            guard let shader = ShaderTable.shared[key.shader] else {
                throw WeftError(.internalInconsistency, "no shader \(key.shader) in CWeftShaders; run scripts/shaders")
            }
            let (set, layout) = try layouts(shader.bindings)
            return Recipe(
                key: key, module: try module(key.shader, shader), set: set, layout: layout, bindings: shader.bindings)
        }

        private func module(_ name: String, _ shader: ShaderTable.Shader) throws(WeftError) -> VkShaderModule {
            if let known = modules[name] { return known }
            var info = VkShaderModuleCreateInfo()
            info.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO
            info.codeSize = shader.byteCount
            info.pCode = shader.words
            var module: VkShaderModule?
            try WeftError.check(functions.createShaderModule(device, &info, nil, &module), "vkCreateShaderModule")
            guard let module else { throw WeftError(.internalInconsistency, "vkCreateShaderModule returned nothing") }
            modules[name] = module
            return module
        }

        private func layouts(_ bindings: Int) throws(WeftError) -> (VkDescriptorSetLayout, VkPipelineLayout) {
            if let known = layouts[bindings] { return known }
            let entries = (0..<bindings).map { index in
                var entry = VkDescriptorSetLayoutBinding()
                entry.binding = UInt32(index)
                entry.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER
                entry.descriptorCount = 1
                entry.stageFlags = UInt32(VK_SHADER_STAGE_COMPUTE_BIT.rawValue)
                return entry
            }
            var set: VkDescriptorSetLayout?
            let setResult = entries.withUnsafeBufferPointer { entries in
                var info = VkDescriptorSetLayoutCreateInfo()
                info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO
                info.bindingCount = UInt32(entries.count)
                info.pBindings = entries.baseAddress
                return functions.createDescriptorSetLayout(device, &info, nil, &set)
            }
            try WeftError.check(setResult, "vkCreateDescriptorSetLayout")
            var push = VkPushConstantRange()
            push.stageFlags = UInt32(VK_SHADER_STAGE_COMPUTE_BIT.rawValue)
            push.size = UInt32(Self.pushBytes)
            var layout: VkPipelineLayout?
            let layoutResult = withUnsafePointer(to: &push) { push in
                withUnsafePointer(to: &set) { set in
                    var info = VkPipelineLayoutCreateInfo()
                    info.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO
                    info.setLayoutCount = 1
                    info.pSetLayouts = set
                    info.pushConstantRangeCount = 1
                    info.pPushConstantRanges = push
                    return functions.createPipelineLayout(device, &info, nil, &layout)
                }
            }
            try WeftError.check(layoutResult, "vkCreatePipelineLayout")
            guard let set, let layout else {
                throw WeftError(.internalInconsistency, "vkCreatePipelineLayout returned nothing")
            }
            layouts[bindings] = (set, layout)
            return (set, layout)
        }

        private func create(_ recipe: Recipe) throws(WeftError) -> VkPipeline {
            let key = recipe.key
            let entries = key.constants.indices.map { index in
                VkSpecializationMapEntry(constantID: UInt32(index), offset: UInt32(4 * index), size: 4)
            }
            var pipeline: VkPipeline?
            let result = entries.withUnsafeBufferPointer { entries in
                key.constants.withUnsafeBytes { constants in
                    var specialization = VkSpecializationInfo()
                    specialization.mapEntryCount = UInt32(entries.count)
                    specialization.pMapEntries = entries.baseAddress
                    specialization.dataSize = constants.count
                    specialization.pData = constants.baseAddress
                    return withUnsafePointer(to: &specialization) { specialization in
                        "main".withCString { main in
                            var stage = VkPipelineShaderStageCreateInfo()
                            stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO
                            stage.stage = VK_SHADER_STAGE_COMPUTE_BIT
                            stage.module = recipe.module
                            stage.pName = main
                            stage.pSpecializationInfo = specialization
                            var info = VkComputePipelineCreateInfo()
                            info.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO
                            info.stage = stage
                            info.layout = recipe.layout
                            return functions.createComputePipelines(device, cache, 1, &info, nil, &pipeline)
                        }
                    }
                }
            }
            try WeftError.check(result, "vkCreateComputePipelines")
            guard let pipeline else {
                throw WeftError(.compileFailed, "vkCreateComputePipelines returned no pipeline for \(key.shader)")
            }
            return pipeline
        }
    }
#endif
