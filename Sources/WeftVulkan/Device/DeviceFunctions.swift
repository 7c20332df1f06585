#if Vulkan
    import CVulkan
    import WeftProvider

    /// The entry points of a device that this provider calls.
    struct DeviceFunctions: @unchecked Sendable {
        let getDeviceQueue: PFN_vkGetDeviceQueue
        let createBuffer: PFN_vkCreateBuffer
        let destroyBuffer: PFN_vkDestroyBuffer
        let getBufferMemoryRequirements: PFN_vkGetBufferMemoryRequirements
        let allocateMemory: PFN_vkAllocateMemory
        let freeMemory: PFN_vkFreeMemory
        let bindBufferMemory: PFN_vkBindBufferMemory
        let mapMemory: PFN_vkMapMemory
        let createSemaphore: PFN_vkCreateSemaphore
        let destroySemaphore: PFN_vkDestroySemaphore
        let createShaderModule: PFN_vkCreateShaderModule
        let destroyShaderModule: PFN_vkDestroyShaderModule
        let createDescriptorSetLayout: PFN_vkCreateDescriptorSetLayout
        let destroyDescriptorSetLayout: PFN_vkDestroyDescriptorSetLayout
        let createPipelineLayout: PFN_vkCreatePipelineLayout
        let destroyPipelineLayout: PFN_vkDestroyPipelineLayout
        let createComputePipelines: PFN_vkCreateComputePipelines
        let destroyPipeline: PFN_vkDestroyPipeline
        let createPipelineCache: PFN_vkCreatePipelineCache
        let destroyPipelineCache: PFN_vkDestroyPipelineCache
        let getPipelineCacheData: PFN_vkGetPipelineCacheData
        let createDescriptorPool: PFN_vkCreateDescriptorPool
        let destroyDescriptorPool: PFN_vkDestroyDescriptorPool
        let allocateDescriptorSets: PFN_vkAllocateDescriptorSets
        let updateDescriptorSets: PFN_vkUpdateDescriptorSets
        let createCommandPool: PFN_vkCreateCommandPool
        let destroyCommandPool: PFN_vkDestroyCommandPool
        let allocateCommandBuffers: PFN_vkAllocateCommandBuffers
        let beginCommandBuffer: PFN_vkBeginCommandBuffer
        let endCommandBuffer: PFN_vkEndCommandBuffer
        let cmdBindPipeline: PFN_vkCmdBindPipeline
        let cmdBindDescriptorSets: PFN_vkCmdBindDescriptorSets
        let cmdPushConstants: PFN_vkCmdPushConstants
        let cmdDispatch: PFN_vkCmdDispatch
        let cmdPipelineBarrier: PFN_vkCmdPipelineBarrier
        let cmdCopyBuffer: PFN_vkCmdCopyBuffer
        let cmdFillBuffer: PFN_vkCmdFillBuffer
        let createQueryPool: PFN_vkCreateQueryPool
        let destroyQueryPool: PFN_vkDestroyQueryPool
        let getQueryPoolResults: PFN_vkGetQueryPoolResults
        let cmdResetQueryPool: PFN_vkCmdResetQueryPool
        let cmdWriteTimestamp: PFN_vkCmdWriteTimestamp
        let queueSubmit: PFN_vkQueueSubmit
        let deviceWaitIdle: PFN_vkDeviceWaitIdle
        let destroyDevice: PFN_vkDestroyDevice
        let waitSemaphores: PFN_vkWaitSemaphores
        let getSemaphoreCounterValue: PFN_vkGetSemaphoreCounterValue

        /// `timelineExtension`: the device is of version 1.1, its timeline functions carry the extension's suffix.
        init(
            _ getDeviceProcAddr: PFN_vkGetDeviceProcAddr, _ device: VkDevice, timelineExtension: Bool
        ) throws(WeftError) {
            func function<F>(_ name: String, _: F.Type) throws(WeftError) -> F {
                guard let pointer = getDeviceProcAddr(device, name) else {
                    throw WeftError(.providerUnavailable, "the driver has no \(name)")
                }
                return unsafeBitCast(pointer, to: F.self)
            }
            let suffix = timelineExtension ? "KHR" : ""
            getDeviceQueue = try function("vkGetDeviceQueue", PFN_vkGetDeviceQueue.self)
            createBuffer = try function("vkCreateBuffer", PFN_vkCreateBuffer.self)
            destroyBuffer = try function("vkDestroyBuffer", PFN_vkDestroyBuffer.self)
            getBufferMemoryRequirements = try function(
                "vkGetBufferMemoryRequirements", PFN_vkGetBufferMemoryRequirements.self)
            allocateMemory = try function("vkAllocateMemory", PFN_vkAllocateMemory.self)
            freeMemory = try function("vkFreeMemory", PFN_vkFreeMemory.self)
            bindBufferMemory = try function("vkBindBufferMemory", PFN_vkBindBufferMemory.self)
            mapMemory = try function("vkMapMemory", PFN_vkMapMemory.self)
            createSemaphore = try function("vkCreateSemaphore", PFN_vkCreateSemaphore.self)
            destroySemaphore = try function("vkDestroySemaphore", PFN_vkDestroySemaphore.self)
            createShaderModule = try function("vkCreateShaderModule", PFN_vkCreateShaderModule.self)
            destroyShaderModule = try function("vkDestroyShaderModule", PFN_vkDestroyShaderModule.self)
            createDescriptorSetLayout = try function(
                "vkCreateDescriptorSetLayout", PFN_vkCreateDescriptorSetLayout.self)
            destroyDescriptorSetLayout = try function(
                "vkDestroyDescriptorSetLayout", PFN_vkDestroyDescriptorSetLayout.self)
            createPipelineLayout = try function("vkCreatePipelineLayout", PFN_vkCreatePipelineLayout.self)
            destroyPipelineLayout = try function("vkDestroyPipelineLayout", PFN_vkDestroyPipelineLayout.self)
            createComputePipelines = try function("vkCreateComputePipelines", PFN_vkCreateComputePipelines.self)
            destroyPipeline = try function("vkDestroyPipeline", PFN_vkDestroyPipeline.self)
            createPipelineCache = try function("vkCreatePipelineCache", PFN_vkCreatePipelineCache.self)
            destroyPipelineCache = try function("vkDestroyPipelineCache", PFN_vkDestroyPipelineCache.self)
            getPipelineCacheData = try function("vkGetPipelineCacheData", PFN_vkGetPipelineCacheData.self)
            createDescriptorPool = try function("vkCreateDescriptorPool", PFN_vkCreateDescriptorPool.self)
            destroyDescriptorPool = try function("vkDestroyDescriptorPool", PFN_vkDestroyDescriptorPool.self)
            allocateDescriptorSets = try function("vkAllocateDescriptorSets", PFN_vkAllocateDescriptorSets.self)
            updateDescriptorSets = try function("vkUpdateDescriptorSets", PFN_vkUpdateDescriptorSets.self)
            createCommandPool = try function("vkCreateCommandPool", PFN_vkCreateCommandPool.self)
            destroyCommandPool = try function("vkDestroyCommandPool", PFN_vkDestroyCommandPool.self)
            allocateCommandBuffers = try function("vkAllocateCommandBuffers", PFN_vkAllocateCommandBuffers.self)
            beginCommandBuffer = try function("vkBeginCommandBuffer", PFN_vkBeginCommandBuffer.self)
            endCommandBuffer = try function("vkEndCommandBuffer", PFN_vkEndCommandBuffer.self)
            cmdBindPipeline = try function("vkCmdBindPipeline", PFN_vkCmdBindPipeline.self)
            cmdBindDescriptorSets = try function("vkCmdBindDescriptorSets", PFN_vkCmdBindDescriptorSets.self)
            cmdPushConstants = try function("vkCmdPushConstants", PFN_vkCmdPushConstants.self)
            cmdDispatch = try function("vkCmdDispatch", PFN_vkCmdDispatch.self)
            cmdPipelineBarrier = try function("vkCmdPipelineBarrier", PFN_vkCmdPipelineBarrier.self)
            cmdCopyBuffer = try function("vkCmdCopyBuffer", PFN_vkCmdCopyBuffer.self)
            cmdFillBuffer = try function("vkCmdFillBuffer", PFN_vkCmdFillBuffer.self)
            createQueryPool = try function("vkCreateQueryPool", PFN_vkCreateQueryPool.self)
            destroyQueryPool = try function("vkDestroyQueryPool", PFN_vkDestroyQueryPool.self)
            getQueryPoolResults = try function("vkGetQueryPoolResults", PFN_vkGetQueryPoolResults.self)
            cmdResetQueryPool = try function("vkCmdResetQueryPool", PFN_vkCmdResetQueryPool.self)
            cmdWriteTimestamp = try function("vkCmdWriteTimestamp", PFN_vkCmdWriteTimestamp.self)
            queueSubmit = try function("vkQueueSubmit", PFN_vkQueueSubmit.self)
            deviceWaitIdle = try function("vkDeviceWaitIdle", PFN_vkDeviceWaitIdle.self)
            destroyDevice = try function("vkDestroyDevice", PFN_vkDestroyDevice.self)
            waitSemaphores = try function("vkWaitSemaphores" + suffix, PFN_vkWaitSemaphores.self)
            getSemaphoreCounterValue = try function(
                "vkGetSemaphoreCounterValue" + suffix, PFN_vkGetSemaphoreCounterValue.self)
        }
    }
#endif
