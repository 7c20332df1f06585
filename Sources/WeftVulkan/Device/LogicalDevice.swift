#if Vulkan
    import CVulkan
    import Glibc
    import Synchronization
    import WeftProvider

    /// An open device: its queue, its time line, and the caches that everything compiled for it shares.
    ///
    /// Any thread may call; queue and command pools are locked inside. Destroyed with its last reference,
    /// after all work is done.
    final class LogicalDevice: @unchecked Sendable {
        let physical: PhysicalDevice
        let instance: Instance
        let handle: VkDevice
        let functions: DeviceFunctions
        /// Whether device buffers are visible to the host; false also where a test asks for real staging.
        let unified: Bool
        /// How many bits of a time stamp count; zero where there are none, or a test asks for none.
        let timestampBits: Int
        let pipelines: PipelineCache
        /// Tells this device's packed constants from those of another that was opened under the same name.
        let serial: Int
        private static let opened = Atomic<Int>(0)

        private let queue: VkQueue
        private let queueLock = Lock()
        private let timeline: VkSemaphore
        private var lastPoint: UInt64 = 0
        private var isLost = false

        private let memoryLock = Lock()
        private let memoryCap: Int
        private var memoryUsed = 0

        /// `staging`: treat the device as one with memory of its own, even if it is unified. `timestamps`: whether to
        /// use its clock, if it has one. `memoryCap`: bytes that buffers may take together.
        init(
            _ physical: PhysicalDevice, _ instance: Instance, staging: Bool = false, timestamps: Bool = true,
            memoryCap: Int = .max
        ) throws(WeftError) {
            self.physical = physical
            self.instance = instance
            self.memoryCap = memoryCap
            unified = physical.unifiedMemory && !staging
            timestampBits = timestamps ? physical.timestampBits : 0
            handle = try Self.create(physical, instance)
            functions = try DeviceFunctions(
                instance.functions.getDeviceProcAddr, handle, timelineExtension: physical.timelineExtension)
            var queue: VkQueue?
            functions.getDeviceQueue(handle, physical.queueFamily, 0, &queue)
            guard let queue else { throw WeftError(.internalInconsistency, "vkGetDeviceQueue returned no queue") }
            self.queue = queue
            timeline = try Self.createTimeline(handle, functions)
            pipelines = try PipelineCache(handle, functions, physical, PipelineFile(physical))
            serial = Self.opened.add(1, ordering: .relaxed).newValue
        }

        deinit {
            _ = functions.deviceWaitIdle(handle)
            pipelines.destroy()
            functions.destroySemaphore(handle, timeline, nil)
            functions.destroyDevice(handle, nil)
        }

        /// Where a storage buffer's binding may begin: a multiple of this.
        var offsetAlignment: Int { Self.offsetAlignment(physical) }

        private static func offsetAlignment(_ physical: PhysicalDevice) -> Int {
            max(Int(physical.limits.minStorageBufferOffsetAlignment), 64)
        }

        /// Counts a buffer's bytes; throws `.outOfMemory` where they pass the cap, and counts nothing then.
        func reserve(_ byteCount: Int) throws(WeftError) {
            try memoryLock.withLock { () throws(WeftError) in
                guard byteCount <= memoryCap - memoryUsed else {
                    throw WeftError(
                        .outOfMemory,
                        "\(byteCount) bytes more than the \(memoryUsed) that \(physical.name) gave pass its cap of "
                            + "\(memoryCap)", hint: "free device memory or run on the host")
                }
                memoryUsed += byteCount
            }
        }

        func release(_ byteCount: Int) { memoryLock.withLock { memoryUsed -= byteCount } }

        /// Treats the device as lost from now on: what the driver would do, for tests of what follows.
        func lose() { queueLock.withLock { isLost = true } }

        private static func create(_ physical: PhysicalDevice, _ instance: Instance) throws(WeftError) -> VkDevice {
            var handle: VkDevice?
            var priority: Float = 1
            var timeline = VkPhysicalDeviceTimelineSemaphoreFeatures()
            timeline.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_TIMELINE_SEMAPHORE_FEATURES
            timeline.timelineSemaphore = 1
            let name = strdup(VK_KHR_TIMELINE_SEMAPHORE_EXTENSION_NAME)
            defer { free(name) }
            let extensions = [UnsafePointer(name)]
            let result = withUnsafePointer(to: &priority) { priority in
                var family = VkDeviceQueueCreateInfo()
                family.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO
                family.queueFamilyIndex = physical.queueFamily
                family.queueCount = 1
                family.pQueuePriorities = priority
                return withUnsafePointer(to: &family) { family in
                    withUnsafePointer(to: &timeline) { timeline in
                        extensions.withUnsafeBufferPointer { extensions in
                            var info = VkDeviceCreateInfo()
                            info.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO
                            info.pNext = UnsafeRawPointer(timeline)
                            info.queueCreateInfoCount = 1
                            info.pQueueCreateInfos = family
                            if physical.timelineExtension {
                                info.enabledExtensionCount = 1
                                info.ppEnabledExtensionNames = extensions.baseAddress
                            }
                            return instance.functions.createDevice(physical.handle, &info, nil, &handle)
                        }
                    }
                }
            }
            try WeftError.check(result, "vkCreateDevice")
            guard let handle else { throw WeftError(.internalInconsistency, "vkCreateDevice returned no device") }
            return handle
        }

        private static func createTimeline(
            _ device: VkDevice, _ functions: DeviceFunctions
        ) throws(WeftError) -> VkSemaphore {
            var kind = VkSemaphoreTypeCreateInfo()
            kind.sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO
            kind.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE
            var semaphore: VkSemaphore?
            let result = withUnsafePointer(to: &kind) { kind in
                var info = VkSemaphoreCreateInfo()
                info.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO
                info.pNext = UnsafeRawPointer(kind)
                return functions.createSemaphore(device, &info, nil, &semaphore)
            }
            try WeftError.check(result, "vkCreateSemaphore")
            guard let semaphore else {
                throw WeftError(.internalInconsistency, "vkCreateSemaphore returned no semaphore")
            }
            return semaphore
        }

        /// Hands a recorded command buffer to the queue and returns the point at which it is done.
        ///
        /// Points grow in the order of submission. Never blocks on the device.
        func submit(_ commands: VkCommandBuffer) throws(WeftError) -> UInt64 {
            try queueLock.withLock { () throws(WeftError) -> UInt64 in
                if isLost { throw WeftError(.deviceLost, "\(physical.name) was lost earlier; open it again") }
                var point = lastPoint + 1
                var semaphore: VkSemaphore? = timeline
                var buffer: VkCommandBuffer? = commands
                let result = withUnsafePointer(to: &point) { point in
                    var values = VkTimelineSemaphoreSubmitInfo()
                    values.sType = VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO
                    values.signalSemaphoreValueCount = 1
                    values.pSignalSemaphoreValues = point
                    return withUnsafePointer(to: &values) { values in
                        withUnsafePointer(to: &semaphore) { semaphore in
                            withUnsafePointer(to: &buffer) { buffer in
                                var info = VkSubmitInfo()
                                info.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO
                                info.pNext = UnsafeRawPointer(values)
                                info.commandBufferCount = 1
                                info.pCommandBuffers = buffer
                                info.signalSemaphoreCount = 1
                                info.pSignalSemaphores = semaphore
                                return functions.queueSubmit(queue, 1, &info, nil)
                            }
                        }
                    }
                }
                if result == VK_ERROR_DEVICE_LOST { isLost = true }
                try WeftError.check(result, "vkQueueSubmit")
                lastPoint = point
                return point
            }
        }

        /// Blocks until the time line has reached `point`. Throws `.timeout` where the deadline comes first.
        func wait(_ point: UInt64, deadline: ContinuousClock.Instant? = nil) throws(WeftError) {
            let nanoseconds = deadline.map { Self.nanoseconds(until: $0) } ?? .max
            var semaphore: VkSemaphore? = timeline
            var point = point
            let result = withUnsafePointer(to: &semaphore) { semaphore in
                withUnsafePointer(to: &point) { point in
                    var info = VkSemaphoreWaitInfo()
                    info.sType = VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO
                    info.semaphoreCount = 1
                    info.pSemaphores = semaphore
                    info.pValues = point
                    return functions.waitSemaphores(handle, &info, nanoseconds)
                }
            }
            let lost = queueLock.withLock {
                if result == VK_ERROR_DEVICE_LOST { isLost = true }
                return isLost
            }
            try WeftError.check(lost ? VK_ERROR_DEVICE_LOST : result, "vkWaitSemaphores")
        }

        /// Zero for a moment that has passed; a moment that is centuries away counts as never.
        private static func nanoseconds(until deadline: ContinuousClock.Instant) -> UInt64 {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return 0 }
            let (seconds, attoseconds) = left.components
            guard seconds < 10_000_000_000 else { return .max }
            return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
        }
    }
#endif
