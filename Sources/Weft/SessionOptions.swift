public import Logging
public import WeftProvider

/// How nodes get their devices.
public enum PlacementMode: String, Sendable, CaseIterable {
    /// The list says who may run nodes; the cheapest plan wins, and earlier names win ties.
    case cost
    /// Each node goes to the first provider of the list that can run it; sizes and conditions stay on the host.
    case preference
}

/// A node name pattern (`*` stands for anything) and the provider that must run what fits it.
public struct PlacementPin: Sendable, Hashable {
    public var pattern: String
    public var provider: String

    public init(_ pattern: String, provider: String) {
        self.pattern = pattern
        self.provider = provider
    }
}

/// What a session may be told beyond its model and providers.
public struct SessionOptions: Sendable {
    /// Threads that kernels use together, the caller's included; nil for the physical cores that this process may use.
    public var threads: Int?
    /// Nil for `.cost`, or `.preference` where the list has one name.
    public var placement: PlacementMode?
    /// Only the named providers may run nodes, sizes and conditions excepted; else making the plan fails with reasons.
    public var strict = false
    public var pins: [PlacementPin] = []
    /// Dimensions for inputs that the model leaves open: plans are made for them at once.
    public var shapes: [String: [Int]] = [:]
    /// Whether a model whose shapes are known is planned when it is loaded, not at its first run.
    public var plansAtLoad = true
    /// The same bits whenever the same inputs come, at the price of a plan for every signature.
    public var deterministic = false
    /// How many signatures keep their plans.
    public var planCapacity = 16
    /// Runs of one signature that may be under way at once; further ones wait.
    public var concurrentRuns = 16
    /// The largest single value, in bytes, that a run may make.
    public var largestValue = 1 << 36
    /// Operators beside the standard's that the model may use, besides those that its providers bring.
    public var operators: [CustomOperator] = []
    /// Bytes that the session may take on each device with memory of its own: values, staging, scratch and weights of
    /// all its plans together. Nil for as many as the device has. A model that needs more goes partly; it is an error
    /// only where nodes may run nowhere else.
    public var deviceMemory: Int?
    /// Whether a run whose device is lost begins again on the host, and later ones stay there; else the error is thrown.
    public var fallsBackToHost = false
    /// Told of devices, plans, plans made again, and fallbacks; never while a plan runs. Nil for silence.
    public var logger: Logger?

    /// A plan that was made before: it is followed for the inputs that it was made for, and its prices count for all.
    public var plan: PlanFile?
    /// Where measured rates are kept; nil for the user's cache directory, empty for none.
    public var cacheDirectory: String?

    public init() {}
}

extension SessionOptions {
    /// The threads that a session uses where none are asked for.
    public static var defaultThreads: Int { Machine.cores }
}
