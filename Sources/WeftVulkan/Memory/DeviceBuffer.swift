#if Vulkan
    import CVulkan
    import WeftProvider

    /// A Vulkan buffer with memory of its own, freed with its last reference.
    ///
    /// `host` is where the processor sees the bytes, nil for memory that only the device sees.
    final class DeviceBuffer: @unchecked Sendable {
        /// What a buffer is for, which decides the memory it gets.
        enum Use: Sendable {
            /// Read and written by shaders; host visible too where the memory is unified.
            case device
            /// Copied from or to by the device, read and written by the host.
            case staging
        }

        let handle: VkBuffer
        let byteCount: Int
        let host: UnsafeMutableRawPointer?
        let device: LogicalDevice
        private let memory: VkDeviceMemory

        init(_ device: LogicalDevice, byteCount: Int, _ use: Use) throws(WeftError) {
            self.device = device
            let functions = device.functions
            guard byteCount >= 0, byteCount <= min(device.physical.maxAllocation, Int.max - 4) else {
                throw WeftError(
                    .outOfMemory,
                    "\(byteCount) bytes are more than \(device.physical.name) allocates at once "
                        + "(\(device.physical.maxAllocation))")
            }
            // Shaders read whole words, and an empty buffer cannot be made.
            let whole = max((byteCount + 3) & ~3, 4)
            self.byteCount = whole
            try device.reserve(whole)
            var made = false
            defer { if !made { device.release(whole) } }
            var info = VkBufferCreateInfo()
            info.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO
            info.size = VkDeviceSize(whole)
            info.usage =
                UInt32(VK_BUFFER_USAGE_STORAGE_BUFFER_BIT.rawValue)
                | UInt32(VK_BUFFER_USAGE_TRANSFER_SRC_BIT.rawValue)
                | UInt32(VK_BUFFER_USAGE_TRANSFER_DST_BIT.rawValue)
            var buffer: VkBuffer?
            try WeftError.check(functions.createBuffer(device.handle, &info, nil, &buffer), "vkCreateBuffer")
            guard let buffer else { throw WeftError(.internalInconsistency, "vkCreateBuffer returned no buffer") }
            do throws(WeftError) {
                (memory, host) = try Self.backing(buffer, device, use)
            } catch {
                functions.destroyBuffer(device.handle, buffer, nil)
                throw error
            }
            handle = buffer
            made = true
        }

        deinit {
            device.functions.destroyBuffer(device.handle, handle, nil)
            device.functions.freeMemory(device.handle, memory, nil)
            device.release(byteCount)
        }

        private static func backing(
            _ buffer: VkBuffer, _ device: LogicalDevice, _ use: Use
        ) throws(WeftError) -> (VkDeviceMemory, UnsafeMutableRawPointer?) {
            var needs = VkMemoryRequirements()
            device.functions.getBufferMemoryRequirements(device.handle, buffer, &needs)
            let type = try memoryType(needs.memoryTypeBits, device, use)
            var info = VkMemoryAllocateInfo()
            info.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO
            info.allocationSize = needs.size
            info.memoryTypeIndex = UInt32(type)
            var memory: VkDeviceMemory?
            try WeftError.check(
                device.functions.allocateMemory(device.handle, &info, nil, &memory), "vkAllocateMemory")
            guard let memory else { throw WeftError(.internalInconsistency, "vkAllocateMemory returned no memory") }
            do throws(WeftError) {
                try WeftError.check(
                    device.functions.bindBufferMemory(device.handle, buffer, memory, 0), "vkBindBufferMemory")
                var pointer: UnsafeMutableRawPointer?
                if use == .staging || device.unified {
                    try WeftError.check(
                        device.functions.mapMemory(device.handle, memory, 0, VK_WHOLE_SIZE_, 0, &pointer),
                        "vkMapMemory")
                }
                return (memory, pointer)
            } catch {
                device.functions.freeMemory(device.handle, memory, nil)
                throw error
            }
        }

        /// The first memory type that a use wants most; host memory is coherent always, so nothing is flushed.
        private static func memoryType(
            _ allowed: UInt32, _ device: LogicalDevice, _ use: Use
        ) throws(WeftError) -> Int {
            let coherent = MemoryFlags.hostVisible | MemoryFlags.hostCoherent
            let wishes: [UInt32] =
                switch use {
                case .device where device.unified:
                    [
                        MemoryFlags.deviceLocal | coherent | MemoryFlags.hostCached, MemoryFlags.deviceLocal | coherent,
                    ]
                case .device: [MemoryFlags.deviceLocal, 0]
                case .staging: [coherent | MemoryFlags.hostCached, coherent]
                }
            let types = device.physical.memoryTypes
            for wish in wishes {
                for (index, flags) in types.enumerated()
                where allowed & (1 << UInt32(index)) != 0 && flags & wish == wish { return index }
            }
            throw WeftError(.outOfMemory, "\(device.physical.name) has no memory type for \(use) buffers")
        }
    }

    /// The header spells it as an expression that Swift does not import.
    let VK_WHOLE_SIZE_ = VkDeviceSize.max

    /// A part of a buffer, as a shader sees it.
    struct DeviceSlice: Sendable {
        let buffer: DeviceBuffer
        let offset: Int
        let byteCount: Int

        init(_ buffer: DeviceBuffer, offset: Int = 0, byteCount: Int? = nil) {
            self.buffer = buffer
            self.offset = offset
            self.byteCount = byteCount ?? buffer.byteCount - offset
        }
    }
#endif
