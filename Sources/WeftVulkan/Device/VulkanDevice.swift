#if Vulkan
    import Synchronization
    import WeftProvider

    extension DeviceBuffer: Buffer {}

    /// An open Vulkan device, as the engine sees it.
    final class VulkanDevice: Device, @unchecked Sendable {
        let description: DeviceDescription
        let logical: LogicalDevice
        /// Tells this device's packed constants from those of another that was opened under the same name.
        let serial: Int
        private static let opened = Atomic<Int>(0)

        private let faultLock = Lock()
        /// What is to be read of submissions that nobody has waited for, by point.
        private var watched: [UInt64: Watch] = [:]

        private struct Watch {
            let status: StatusWords?
            let timestamps: Timestamps?
            let sink: (any SegmentSpanSink)?
        }

        /// `staging`: treat the device as one with memory of its own, even if it shares the host's. `timestamps`:
        /// whether to use its clock, if it has one.
        init(_ entry: DeviceList.Entry, staging: Bool = false, timestamps: Bool = true) throws(WeftError) {
            logical = try LogicalDevice(entry.physical, entry.instance, staging: staging, timestamps: timestamps)
            var description = entry.description
            description.unifiedMemory = logical.unified
            self.description = description
            serial = Self.opened.add(1, ordering: .relaxed).newValue
        }

        func allocate(_ byteCount: Int, _ kind: MemoryKind) throws(WeftError) -> any Buffer {
            try DeviceBuffer(logical, byteCount: byteCount, kind == .deviceLocal ? .device : .staging)
        }

        func compile(_ segment: Segment, constants: any ConstantStore) throws(WeftError) -> any CompiledSegment {
            try VulkanSegment(segment, on: self, constants: constants)
        }

        func wait(_ point: TimelinePoint) throws(WeftError) {
            if point == .done { return }
            try logical.wait(point.value)
            guard let watch = faultLock.withLock({ watched.removeValue(forKey: point.value) }) else { return }
            if let timestamps = watch.timestamps, let sink = watch.sink {
                sink.record(try timestamps.spans(), on: .device)
            }
            try watch.status?.check()
        }

        /// Has status words and time stamps read when the point is waited for.
        func watch(
            _ status: StatusWords?, _ timestamps: Timestamps? = nil, reportingTo sink: (any SegmentSpanSink)? = nil,
            at point: UInt64
        ) {
            guard status != nil || timestamps != nil else { return }
            let watch = Watch(status: status, timestamps: timestamps, sink: sink)
            faultLock.withLock { watched[point] = watch }
        }
    }

    /// Words that shaders set when they meet data that an operator has no answer for, one a node.
    final class StatusWords: @unchecked Sendable {
        let buffer: DeviceBuffer
        private let nodes: [String]
        private let stride: Int

        init(_ nodes: [String], on device: LogicalDevice) throws(WeftError) {
            self.nodes = nodes
            stride = device.offsetAlignment
            buffer = try DeviceBuffer(device, byteCount: nodes.count * stride, .staging)
            reset()
        }

        func slice(_ index: Int) -> DeviceSlice { DeviceSlice(buffer, offset: index * stride, byteCount: 4) }

        /// Only while no submission that writes them is on its way.
        func reset() {
            buffer.host?.initializeMemory(as: UInt8.self, repeating: 0, count: buffer.byteCount)
        }

        /// Throws for the first node whose word is set.
        func check() throws(WeftError) {
            guard let host = buffer.host else { return }
            for (index, node) in nodes.enumerated()
            where host.load(fromByteOffset: index * stride, as: UInt32.self) != 0 {
                throw WeftError(.invalidData, "an index lies outside its axis", node: node)
            }
        }
    }
#endif
