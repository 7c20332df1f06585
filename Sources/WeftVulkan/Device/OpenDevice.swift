#if Vulkan
    import WeftProvider

    /// What everything compiled for an open device shares.
    struct OpenDevice: Sendable {
        let logical: LogicalDevice
        let description: DeviceDescription
        let constants: ConstantHeap
        let faults: FaultWatch
    }
#endif
