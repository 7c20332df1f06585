#if Vulkan
    extension Array where Element == UInt32 {
        /// Sizes as shaders take them; all fit, as tensors are at most a storage buffer's range.
        static func words(_ values: Int...) -> [UInt32] { values.map { UInt32(truncatingIfNeeded: $0) } }
    }
#endif
