#if Vulkan
    import CVulkan
    import WeftProvider

    /// Moments of a device's clock that a recording writes: one before its first command, one after each.
    ///
    /// Dispatches that no barrier parts may overlap; then one's time counts from the end of the one before it.
    final class Timestamps: @unchecked Sendable {
        /// What lies between two of the moments.
        private struct Mark {
            let subject: SegmentSpan.Subject
            let detail: String?
            let from: Int
            let to: Int
        }

        let pool: VkQueryPool
        let capacity: Int
        private let device: LogicalDevice
        private var written = 0
        private var marks: [Mark] = []

        /// Nil where the queue has no clock.
        init?(_ device: LogicalDevice, commands: Int) throws(WeftError) {
            guard device.timestampBits > 0 else { return nil }
            self.device = device
            capacity = commands + 1
            var info = VkQueryPoolCreateInfo()
            info.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO
            info.queryType = VK_QUERY_TYPE_TIMESTAMP
            info.queryCount = UInt32(clamping: capacity)
            var pool: VkQueryPool?
            try WeftError.check(device.functions.createQueryPool(device.handle, &info, nil, &pool), "vkCreateQueryPool")
            guard let pool else { throw WeftError(.internalInconsistency, "vkCreateQueryPool returned nothing") }
            self.pool = pool
        }

        deinit { device.functions.destroyQueryPool(device.handle, pool, nil) }

        /// The number of the next moment to be written.
        func next() -> Int {
            written += 1
            return written - 1
        }

        /// Says what was recorded since the moment before the latest, or nothing where `isEmpty`.
        func mark(_ subject: SegmentSpan.Subject, _ detail: String?, isEmpty: Bool = false) {
            let to = max(0, written - 1)
            marks.append(Mark(subject: subject, detail: detail, from: isEmpty ? to : max(0, to - 1), to: to))
        }

        /// The spans of a submission that is over, from its first moment on.
        func spans() throws(WeftError) -> [SegmentSpan] {
            guard written > 0 else { return [] }
            var ticks = [UInt64](repeating: 0, count: written)
            let flags = UInt32(VK_QUERY_RESULT_64_BIT.rawValue) | UInt32(VK_QUERY_RESULT_WAIT_BIT.rawValue)
            let result = ticks.withUnsafeMutableBytes { bytes in
                device.functions.getQueryPoolResults(
                    device.handle, pool, 0, UInt32(written), bytes.count, bytes.baseAddress, 8, flags)
            }
            try WeftError.check(result, "vkGetQueryPoolResults")
            let mask: UInt64 = device.timestampBits >= 64 ? .max : (1 << UInt64(device.timestampBits)) - 1
            let period = Double(device.physical.limits.timestampPeriod)
            let first = ticks[0] & mask
            let moments = ticks.map { UInt64(Double((($0 & mask) &- first) & mask) * period) }
            return marks.map { mark in
                SegmentSpan(mark.subject, detail: mark.detail, start: moments[mark.from], end: moments[mark.to])
            }
        }
    }
#endif
