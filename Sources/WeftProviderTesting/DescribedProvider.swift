public import WeftProvider

/// A device that another provider would run, were it here: for placing work, not for running it.
///
/// Support and fusions are what the provider says of the description.
public struct DescribedProvider: Provider {
    public let name: String
    private let provider: any Provider
    private let device: DeviceDescription

    /// `device` gets the name as its id, its provider and its memory space.
    public init(_ name: String, like provider: any Provider, device: DeviceDescription) {
        self.name = name
        self.provider = provider
        var device = device
        (device.id, device.provider, device.memorySpace) = (name, name, name)
        self.device = device
    }

    public var rows: [SupportRow] { provider.rows }

    public func devices() -> (found: [DeviceDescription], unavailable: String?) { ([device], nil) }

    public func support(_ node: NodeView, on device: DeviceDescription) -> Support {
        provider.support(node, on: device)
    }

    public func fusions(in graph: GraphView, on device: DeviceDescription) -> [Fusion] {
        provider.fusions(in: graph, on: device)
    }

    public func open(_ device: DeviceDescription) throws(WeftError) -> any Device { DescribedDevice(device) }
}

private final class DescribedDevice: Device {
    let description: DeviceDescription

    init(_ description: DeviceDescription) { self.description = description }

    private var absent: WeftError {
        WeftError(.providerUnavailable, "\(description.id) is only described: it has no memory and runs nothing")
    }

    func allocate(_ byteCount: Int, _ kind: MemoryKind) throws(WeftError) -> any Buffer { throw absent }

    func compile(_ segment: Segment, constants: any ConstantStore) throws(WeftError) -> any CompiledSegment {
        throw absent
    }

    func wait(_ point: TimelinePoint, deadline: ContinuousClock.Instant?) throws(WeftError) { throw absent }
}
