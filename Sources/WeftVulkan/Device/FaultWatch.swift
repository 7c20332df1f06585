#if Vulkan
    import WeftProvider

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

    /// What is to be read of submissions that nobody has waited for, by point.
    final class FaultWatch: @unchecked Sendable {
        private struct Watch {
            let status: StatusWords?
            let timestamps: Timestamps?
            let sink: (any SegmentSpanSink)?
        }

        private let lock = Lock()
        private var watched: [UInt64: Watch] = [:]

        /// Has status words and time stamps read when the point is waited for.
        func add(
            _ status: StatusWords?, _ timestamps: Timestamps? = nil, reportingTo sink: (any SegmentSpanSink)? = nil,
            at point: UInt64
        ) {
            guard status != nil || timestamps != nil else { return }
            let watch = Watch(status: status, timestamps: timestamps, sink: sink)
            lock.withLock { watched[point] = watch }
        }

        /// Reports what the work up to a point, which has been reached, took; throws what it left behind.
        func check(_ point: UInt64) throws(WeftError) {
            guard let watch = lock.withLock({ watched.removeValue(forKey: point) }) else { return }
            if let timestamps = watch.timestamps, let sink = watch.sink {
                sink.record(try timestamps.spans(), on: .device)
            }
            try watch.status?.check()
        }
    }
#endif
