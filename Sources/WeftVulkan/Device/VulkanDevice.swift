#if Vulkan
    import WeftProvider

    extension DeviceBuffer: Buffer {}

    /// An open Vulkan device, as the engine sees it.
    final class VulkanDevice: Device {
        let open: OpenDevice
        var description: DeviceDescription { open.description }
        var logical: LogicalDevice { open.logical }

        /// `staging`: treat the device as one with memory of its own, even if it shares the host's.
        /// `timestamps`: whether to use its clock, if it has one.
        /// `memoryCap`: bytes that buffers may take together, as if the device had no more.
        init(
            _ entry: DeviceList.Entry, staging: Bool = false, timestamps: Bool = true, memoryCap: Int = .max
        ) throws(WeftError) {
            let logical = try LogicalDevice(
                entry.physical, entry.instance, staging: staging, timestamps: timestamps, memoryCap: memoryCap)
            var description = entry.description
            description.unifiedMemory = logical.unified
            open = OpenDevice(
                logical: logical, description: description, constants: ConstantHeap(logical), faults: FaultWatch())
        }

        func allocate(_ byteCount: Int, _ kind: MemoryKind) throws(WeftError) -> any Buffer {
            try DeviceBuffer(logical, byteCount: byteCount, kind == .deviceLocal ? .device : .staging)
        }

        func compile(_ segment: Segment, constants: any ConstantStore) throws(WeftError) -> any CompiledSegment {
            try VulkanSegment(segment, on: open, constants: constants)
        }

        func wait(_ point: TimelinePoint, deadline: ContinuousClock.Instant?) throws(WeftError) {
            if point == .done { return }
            try logical.wait(point.value, deadline: deadline)
            try open.faults.check(point.value)
        }
    }
#endif
