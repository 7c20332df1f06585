/// What a device is, as far as support and prices depend on it. A plain value, which plan files record.
public struct DeviceDescription: Hashable, Sendable {
    /// The class of a device; it decides the nominal rates that are used where nothing was measured.
    public enum Kind: String, Hashable, Sendable { case host, discrete, integrated, software }

    /// The name in plans and options: `cpu`, `vulkan`, `vulkan:1`.
    public var id: String
    /// The maker's name for it.
    public var name: String
    /// The name of the provider that opens it.
    public var provider: String
    /// The version of the driver or library that its speed depends on.
    ///
    /// Rates that were measured with another version are not used.
    public var version: String
    /// The class of the device.
    public var kind: Kind
    /// The memory space that it computes in: `host` for host memory. Values do not move within a space.
    ///
    /// Devices of one space use each other's buffers; the first of them in the session's list allocates. Where work
    /// goes from one of them to another, the engine waits for the first before the second begins.
    public var memorySpace: String
    /// Numbers that `support` depends on, by names of the provider's choice.
    public var limits: [String: Int]
    /// Abilities that `support` depends on, by names of the provider's choice; tuning adds to them.
    public var features: Set<String>
    /// Whether the host reads and writes the device's memory directly, so that transfers copy nothing on the device.
    public var unifiedMemory: Bool
    /// Whether it computes on the host's cores, as a software implementation of a graphics device does.
    public var usesHostCores: Bool
    /// Offsets of values in an arena are multiples of this many bytes.
    public var alignment: Int
    /// The largest buffer that it allocates, in bytes.
    public var maxAllocation: Int
    /// The size of its memory in bytes; zero if unknown.
    public var memory: Int

    /// A description; the defaults are those of a device that computes in host memory.
    public init(
        id: String, name: String, provider: String, version: String = "", kind: Kind,
        memorySpace: String = DeviceDescription.hostSpace, limits: [String: Int] = [:], features: Set<String> = [],
        unifiedMemory: Bool = true, usesHostCores: Bool = true, alignment: Int = 64, maxAllocation: Int = Int.max,
        memory: Int = 0
    ) {
        self.id = id
        self.name = name
        self.provider = provider
        self.version = version
        self.kind = kind
        self.memorySpace = memorySpace
        self.limits = limits
        self.features = features
        self.unifiedMemory = unifiedMemory
        self.usesHostCores = usesHostCores
        self.alignment = alignment
        self.maxAllocation = maxAllocation
        self.memory = memory
    }

    /// The name of the host's memory space.
    public static let hostSpace = "host"
    /// Whether it computes in host memory.
    public var isHost: Bool { memorySpace == DeviceDescription.hostSpace }
}
