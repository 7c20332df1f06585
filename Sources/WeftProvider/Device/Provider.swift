/// A set of kernels for ONNX nodes and the devices that run them.
///
/// The providers of this package and those of other packages implement this protocol.
public protocol Provider: Sendable {
    /// The name in lists of providers, such as `cpu`.
    var name: String { get }
    /// The table of what it runs, sorted by operator.
    var rows: [SupportRow] { get }
    /// Operators outside the ONNX standard that the provider has kernels for.
    ///
    /// A session whose list has the provider knows them, whichever provider runs their nodes.
    var operators: [CustomOperator] { get }
    /// The devices of this machine; if there are none, `unavailable` says why in a sentence.
    func devices() -> (found: [DeviceDescription], unavailable: String?)
    /// Whether and how it runs a node on a device.
    ///
    /// Depends on the arguments alone; the device need not exist on this machine. The provider must run what it claims.
    func support(_ node: NodeView, on device: DeviceDescription) -> Support
    /// Groups of nodes that it can run as one node. Depends on the arguments alone.
    func fusions(in graph: GraphView, on device: DeviceDescription) -> [Fusion]
    /// Opens one of its devices. Throws if the device cannot be used.
    func open(_ device: DeviceDescription) throws(WeftError) -> any Device
    /// Measures kernels on an open device for about `seconds`, and returns the settings that were the fastest.
    ///
    /// A session never calls it, only a command or program that asks for measurements. The engine keeps the result
    /// with the device's rates and adds it to the features of the device's description, so that `support` depends
    /// on nothing else.
    func tune(_ device: any Device, seconds: Double) throws(WeftError) -> [TunedFeature]
    /// Versions of libraries and drivers, to be shown to users.
    var details: [(name: String, value: String)] { get }
    /// The environment variables that it reads, for `weft help environment`.
    var environment: [EnvironmentVariable] { get }
}

extension Provider {
    /// The variants of the first row that takes the node; if none does, the reason of the last row of its operator.
    public func support(_ node: NodeView, on device: DeviceDescription) -> Support {
        var decline = Decline.opType
        for row in rows where row.opType == node.opType && row.domain == node.domain {
            switch row.support(node, on: device) {
            case .variants(let variants): return .variants(variants)
            case .declined(let reason): decline = reason
            }
        }
        return .declined(decline)
    }

    /// The first row that takes a node on a device; nil if none does.
    public func row(for node: NodeView, on device: DeviceDescription) -> SupportRow? {
        rows.first { row in
            guard row.opType == node.opType, row.domain == node.domain else { return false }
            if case .variants = row.support(node, on: device) { return true }
            return false
        }
    }

    /// No operators outside the standard.
    public var operators: [CustomOperator] { [] }
    /// No fusions.
    public func fusions(in graph: GraphView, on device: DeviceDescription) -> [Fusion] { [] }
    /// Nothing to tune.
    public func tune(_ device: any Device, seconds: Double) throws(WeftError) -> [TunedFeature] { [] }
    /// No details.
    public var details: [(name: String, value: String)] { [] }
    /// No environment variables.
    public var environment: [EnvironmentVariable] { [] }
}
