#if Vulkan
    import CVulkan
    import WeftProvider

    /// Device memory for constants, cut from chunks so that many small weights cost few allocations.
    ///
    /// A chunk lives as long as a constant in it; freed space in a living chunk is not used again.
    final class ConstantHeap: @unchecked Sendable {
        private static let chunkBytes = 8 << 20
        private let lock = Lock()
        private let device: LogicalDevice
        private let alignment: Int
        private weak var chunk: DeviceBuffer?
        private var used = 0

        init(_ device: LogicalDevice) {
            self.device = device
            alignment = device.offsetAlignment
        }

        /// Copies `bytes` to the device and waits until they are there.
        func upload(_ bytes: UnsafeRawBufferPointer) throws(WeftError) -> DeviceSlice {
            let slice = try reserve(bytes.count)
            guard let source = bytes.baseAddress, !bytes.isEmpty else { return slice }
            if let host = slice.buffer.host {
                (host + slice.offset).copyMemory(from: source, byteCount: bytes.count)
                return slice
            }
            let staging = try DeviceBuffer(device, byteCount: bytes.count, .staging)
            guard let host = staging.host else {
                throw WeftError(.internalInconsistency, "a staging buffer is not mapped")
            }
            host.copyMemory(from: source, byteCount: bytes.count)
            let recorder = try Recorder(device)
            try recorder.copy(DeviceSlice(staging), to: slice, byteCount: bytes.count)
            let commands = try recorder.finish()
            try device.wait(try device.submit(commands.handle))
            return slice
        }

        private func reserve(_ byteCount: Int) throws(WeftError) -> DeviceSlice {
            let size = max((byteCount + 3) & ~3, 4)
            if size >= Self.chunkBytes / 4 {
                return DeviceSlice(try DeviceBuffer(device, byteCount: size, .device))
            }
            return try lock.withLock { () throws(WeftError) -> DeviceSlice in
                let start = (used + alignment - 1) / alignment * alignment
                if let chunk, start + size <= chunk.byteCount {
                    used = start + size
                    return DeviceSlice(chunk, offset: start, byteCount: size)
                }
                let fresh = try DeviceBuffer(device, byteCount: Self.chunkBytes, .device)
                chunk = fresh
                used = size
                return DeviceSlice(fresh, offset: 0, byteCount: size)
            }
        }
    }
#endif
