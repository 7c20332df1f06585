/// Facts of a device that decide support and prices: a plain value, recorded in plans.
public struct DeviceDescription: Hashable, Sendable {
    /// The class of a device, which gives nominal rates where nothing was measured.
    public enum Kind: String, Hashable, Sendable { case host, discrete, integrated, software }

    /// As plans and people call it: `cpu`, `vulkan`, `vulkan:1`.
    public var id: String
    /// What the maker calls it.
    public var name: String
    public var provider: String
    /// Of the driver or library behind it, as far as speed depends on it: what was measured of another counts no more.
    public var version: String
    public var kind: Kind
    /// `host` for everything that computes in host memory; values within one space never move.
    ///
    /// Devices of one space work in each other's buffers: the first of them in a session's list gives the memory. Where
    /// work goes from one to another, the engine waits for the first before the second begins.
    public var memorySpace: String
    public var limits: [String: Int]
    public var features: Set<String>
    /// Device memory that the host reads and writes directly: nothing is copied.
    public var unifiedMemory: Bool
    /// A software device on the host's own cores: it gains nothing from running beside them.
    public var usesHostCores: Bool
    /// What a value's offset in an arena must be a multiple of, in bytes.
    public var alignment: Int
    /// The largest single block, in bytes.
    public var maxAllocation: Int
    /// Memory in bytes; zero where unknown.
    public var memory: Int

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

    public static let hostSpace = "host"
    public var isHost: Bool { memorySpace == DeviceDescription.hostSpace }
}
