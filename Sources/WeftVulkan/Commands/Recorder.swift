#if Vulkan
    import CVulkan
    import WeftProvider

    /// Commands recorded once, replayed by any number of submissions.
    final class RecordedCommands: @unchecked Sendable {
        let handle: VkCommandBuffer
        private let device: LogicalDevice
        private let pool: VkCommandPool
        private let descriptors: [VkDescriptorPool]
        /// Buffers that the commands name, kept alive as long as they are.
        private let buffers: [DeviceBuffer]
        /// Written by the commands, where they were recorded with some.
        let timestamps: Timestamps?
        let dispatches: Int
        let barriers: Int

        fileprivate init(_ recorder: Recorder) {
            handle = recorder.commands
            device = recorder.device
            pool = recorder.pool
            descriptors = recorder.descriptorPools
            buffers = Array(recorder.buffers.values)
            timestamps = recorder.timestamps
            dispatches = recorder.dispatches
            barriers = recorder.barriers
        }

        deinit {
            for descriptor in descriptors { device.functions.destroyDescriptorPool(device.handle, descriptor, nil) }
            device.functions.destroyCommandPool(device.handle, pool, nil)
        }
    }

    /// Records dispatches and copies, with a barrier only where one touches what an earlier one wrote or read.
    ///
    /// Each recording has a command pool of its own, so any thread may record.
    final class Recorder {
        struct Access {
            let slice: DeviceSlice
            let writes: Bool
        }

        fileprivate let device: LogicalDevice
        fileprivate let pool: VkCommandPool
        fileprivate let commands: VkCommandBuffer
        fileprivate var descriptorPools: [VkDescriptorPool] = []
        fileprivate var buffers: [ObjectIdentifier: DeviceBuffer] = [:]
        fileprivate var dispatches = 0
        fileprivate var barriers = 0
        private var setsLeft = 0
        private var bindingsLeft = 0
        private var bound: VkPipeline?
        private var pending: [Access] = []
        private var finished = false
        fileprivate let timestamps: Timestamps?
        private var unmarked = false

        /// With `timestamps` every dispatch and copy is followed by a moment of the device's clock.
        init(_ device: LogicalDevice, timestamps: Timestamps? = nil) throws(WeftError) {
            self.device = device
            self.timestamps = timestamps
            let functions = device.functions
            var info = VkCommandPoolCreateInfo()
            info.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO
            info.queueFamilyIndex = device.physical.queueFamily
            var pool: VkCommandPool?
            try WeftError.check(functions.createCommandPool(device.handle, &info, nil, &pool), "vkCreateCommandPool")
            guard let pool else { throw WeftError(.internalInconsistency, "vkCreateCommandPool returned nothing") }
            self.pool = pool
            var allocate = VkCommandBufferAllocateInfo()
            allocate.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO
            allocate.commandPool = pool
            allocate.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY
            allocate.commandBufferCount = 1
            var commands: VkCommandBuffer?
            var begin = VkCommandBufferBeginInfo()
            begin.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO
            begin.flags = UInt32(VK_COMMAND_BUFFER_USAGE_SIMULTANEOUS_USE_BIT.rawValue)
            do throws(WeftError) {
                try WeftError.check(
                    functions.allocateCommandBuffers(device.handle, &allocate, &commands), "vkAllocateCommandBuffers")
                guard let commands else {
                    throw WeftError(.internalInconsistency, "vkAllocateCommandBuffers returned nothing")
                }
                try WeftError.check(functions.beginCommandBuffer(commands, &begin), "vkBeginCommandBuffer")
                self.commands = commands
            } catch {
                functions.destroyCommandPool(device.handle, pool, nil)
                throw error
            }
            // What earlier submissions wrote or still read.
            barrier(
                from: VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, VK_ACCESS_MEMORY_WRITE_BIT,
                to: Self.work, Self.anyAccess)
            if let timestamps {
                functions.cmdResetQueryPool(commands, timestamps.pool, 0, UInt32(clamping: timestamps.capacity))
                writeTimestamp()
                unmarked = false
            }
        }

        private func writeTimestamp() {
            guard let timestamps else { return }
            device.functions.cmdWriteTimestamp(
                commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, timestamps.pool, UInt32(clamping: timestamps.next()))
            unmarked = true
        }

        /// Says whose the latest command was; a node that needed none is marked as having taken no time.
        func mark(_ subject: SegmentSpan.Subject, _ detail: String? = nil) {
            timestamps?.mark(subject, detail, isEmpty: !unmarked)
            unmarked = false
        }

        deinit {
            guard !finished else { return }
            for descriptor in descriptorPools { device.functions.destroyDescriptorPool(device.handle, descriptor, nil) }
            device.functions.destroyCommandPool(device.handle, pool, nil)
        }

        private static let work = VkPipelineStageFlagBits(
            rawValue: VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT.rawValue | VK_PIPELINE_STAGE_TRANSFER_BIT.rawValue)
        private static let anyWrite = VkAccessFlagBits(
            rawValue: VK_ACCESS_SHADER_WRITE_BIT.rawValue | VK_ACCESS_TRANSFER_WRITE_BIT.rawValue)
        private static let anyAccess = VkAccessFlagBits(
            rawValue: VK_ACCESS_SHADER_READ_BIT.rawValue | VK_ACCESS_TRANSFER_READ_BIT.rawValue
                | VK_ACCESS_SHADER_WRITE_BIT.rawValue | VK_ACCESS_TRANSFER_WRITE_BIT.rawValue)

        /// Runs a pipeline over a grid; `slices` are its bindings in order.
        func dispatch(
            _ pipeline: Pipeline, _ accesses: [Access], push: [UInt32], groups: (Int, Int, Int)
        ) throws(WeftError) {
            if groups.0 == 0 || groups.1 == 0 || groups.2 == 0 { return }
            guard accesses.count == pipeline.bindings, push.count * 4 <= pipeline.pushBytes else {
                throw WeftError(
                    .internalInconsistency,
                    "a dispatch passes \(accesses.count) buffers and \(push.count * 4) bytes of sizes "
                        + "where \(pipeline.bindings) and at most \(pipeline.pushBytes) are expected")
            }
            let set = try descriptorSet(pipeline, accesses.map(\.slice))
            synchronise(accesses)
            let functions = device.functions
            if bound != pipeline.handle {
                functions.cmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.handle)
                bound = pipeline.handle
            }
            var sets: VkDescriptorSet? = set
            functions.cmdBindDescriptorSets(
                commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.layout, 0, 1, &sets, 0, nil)
            if !push.isEmpty {
                push.withUnsafeBytes { bytes in
                    functions.cmdPushConstants(
                        commands, pipeline.layout, UInt32(VK_SHADER_STAGE_COMPUTE_BIT.rawValue), 0,
                        UInt32(bytes.count), bytes.baseAddress)
                }
            }
            functions.cmdDispatch(commands, UInt32(groups.0), UInt32(groups.1), UInt32(groups.2))
            dispatches += 1
            writeTimestamp()
        }

        /// Copies the first `byteCount` bytes.
        func copy(_ source: DeviceSlice, to target: DeviceSlice, byteCount: Int) throws(WeftError) {
            if byteCount == 0 { return }
            synchronise([Access(slice: source, writes: false), Access(slice: target, writes: true)])
            var region = VkBufferCopy(
                srcOffset: VkDeviceSize(source.offset), dstOffset: VkDeviceSize(target.offset),
                size: VkDeviceSize(byteCount))
            device.functions.cmdCopyBuffer(commands, source.buffer.handle, target.buffer.handle, 1, &region)
            writeTimestamp()
        }

        /// Sets every word of a slice.
        func fill(_ slice: DeviceSlice, with word: UInt32) {
            synchronise([Access(slice: slice, writes: true)])
            device.functions.cmdFillBuffer(
                commands, slice.buffer.handle, VkDeviceSize(slice.offset), VkDeviceSize(slice.byteCount), word)
        }

        /// Ends the recording; the recorder is of no further use.
        func finish() throws(WeftError) -> RecordedCommands {
            barrier(
                from: Self.work, Self.anyWrite, to: VK_PIPELINE_STAGE_HOST_BIT, VK_ACCESS_HOST_READ_BIT)
            try WeftError.check(device.functions.endCommandBuffer(commands), "vkEndCommandBuffer")
            finished = true
            return RecordedCommands(self)
        }

        private func synchronise(_ accesses: [Access]) {
            for access in accesses { buffers[ObjectIdentifier(access.slice.buffer)] = access.slice.buffer }
            let conflict = accesses.contains { new in
                pending.contains { old in
                    (new.writes || old.writes) && new.slice.buffer === old.slice.buffer
                        && new.slice.offset < old.slice.offset + old.slice.byteCount
                        && old.slice.offset < new.slice.offset + new.slice.byteCount
                }
            }
            if conflict {
                barrier(from: Self.work, Self.anyWrite, to: Self.work, Self.anyAccess)
                barriers += 1
                pending.removeAll(keepingCapacity: true)
            }
            pending += accesses
        }

        private func barrier(
            from: VkPipelineStageFlagBits, _ written: VkAccessFlagBits,
            to: VkPipelineStageFlagBits, _ used: VkAccessFlagBits
        ) {
            var memory = VkMemoryBarrier()
            memory.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER
            memory.srcAccessMask = UInt32(written.rawValue)
            memory.dstAccessMask = UInt32(used.rawValue)
            device.functions.cmdPipelineBarrier(
                commands, UInt32(from.rawValue), UInt32(to.rawValue), 0, 1, &memory, 0, nil, 0, nil)
        }

        private func descriptorSet(_ pipeline: Pipeline, _ slices: [DeviceSlice]) throws(WeftError) -> VkDescriptorSet {
            let functions = device.functions
            if setsLeft == 0 || bindingsLeft < pipeline.bindings { try addDescriptorPool() }
            guard let pool = descriptorPools.last else {
                throw WeftError(.internalInconsistency, "no descriptor pool after one was made")
            }
            var layout: VkDescriptorSetLayout? = pipeline.setLayout
            var set: VkDescriptorSet?
            let result = withUnsafePointer(to: &layout) { layout in
                var info = VkDescriptorSetAllocateInfo()
                info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO
                info.descriptorPool = pool
                info.descriptorSetCount = 1
                info.pSetLayouts = layout
                return functions.allocateDescriptorSets(device.handle, &info, &set)
            }
            try WeftError.check(result, "vkAllocateDescriptorSets")
            guard let set else { throw WeftError(.internalInconsistency, "vkAllocateDescriptorSets returned nothing") }
            setsLeft -= 1
            bindingsLeft -= pipeline.bindings
            let infos = slices.map { slice in
                VkDescriptorBufferInfo(
                    buffer: slice.buffer.handle, offset: VkDeviceSize(slice.offset),
                    range: VkDeviceSize(max((slice.byteCount + 3) & ~3, 4)))
            }
            infos.withUnsafeBufferPointer { infos in
                var write = VkWriteDescriptorSet()
                write.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET
                write.dstSet = set
                write.descriptorCount = UInt32(infos.count)
                write.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER
                write.pBufferInfo = infos.baseAddress
                functions.updateDescriptorSets(device.handle, 1, &write, 0, nil)
            }
            return set
        }

        private func addDescriptorPool() throws(WeftError) {
            let sets = 64
            let bindings = 320
            var size = VkDescriptorPoolSize(
                type: VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, descriptorCount: UInt32(bindings))
            var pool: VkDescriptorPool?
            let result = withUnsafePointer(to: &size) { size in
                var info = VkDescriptorPoolCreateInfo()
                info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO
                info.maxSets = UInt32(sets)
                info.poolSizeCount = 1
                info.pPoolSizes = size
                return device.functions.createDescriptorPool(device.handle, &info, nil, &pool)
            }
            try WeftError.check(result, "vkCreateDescriptorPool")
            guard let pool else { throw WeftError(.internalInconsistency, "vkCreateDescriptorPool returned nothing") }
            descriptorPools.append(pool)
            setsLeft = sets
            bindingsLeft = bindings
        }
    }
#endif
