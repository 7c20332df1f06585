/// A way to run ONNX nodes: what this package's own providers and anybody else's implement.
public protocol Provider: Sendable {
    /// As preference lists call it, such as `cpu`.
    var name: String { get }
    /// Everything that it runs, sorted by operator.
    var rows: [SupportRow] { get }
    /// Operators beside the standard's that models may use because this provider has them. A session of whose list it is
    /// knows them, whoever runs their nodes.
    var operators: [CustomOperator] { get }
    /// What this machine has, or a sentence saying why there is nothing.
    func devices() -> (found: [DeviceDescription], unavailable: String?)
    /// Whether and how it runs a node. Pure: the device need not be here. A provider must run whatever it claims.
    func support(_ node: NodeView, on device: DeviceDescription) -> Support
    /// Groups of nodes that it would run as one. Pure.
    func fusions(in graph: GraphView, on device: DeviceDescription) -> [Fusion]
    func open(_ device: DeviceDescription) throws(WeftError) -> any Device
    /// Times the ways that its kernels can run on a device that it opened, in about so many seconds.
    ///
    /// Called only because somebody asked for measurements, never by a session. The engine keeps what is found with the
    /// device's rates and adds it to the features of the device's description, so that `support` stays a function of it.
    func tune(_ device: any Device, seconds: Double) throws(WeftError) -> [TunedFeature]
    /// Versions of libraries and drivers, for people.
    var details: [(name: String, value: String)] { get }
    /// Environment variables that it reads, for `weft help environment`.
    var environment: [EnvironmentVariable] { get }
}

extension Provider {
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

    /// The row that runs a node on a device.
    public func row(for node: NodeView, on device: DeviceDescription) -> SupportRow? {
        rows.first { row in
            guard row.opType == node.opType, row.domain == node.domain else { return false }
            if case .variants = row.support(node, on: device) { return true }
            return false
        }
    }

    public var operators: [CustomOperator] { [] }
    public func fusions(in graph: GraphView, on device: DeviceDescription) -> [Fusion] { [] }
    public func tune(_ device: any Device, seconds: Double) throws(WeftError) -> [TunedFeature] { [] }
    public var details: [(name: String, value: String)] { [] }
    public var environment: [EnvironmentVariable] { [] }
}
