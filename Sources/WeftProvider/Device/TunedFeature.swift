/// A setting that a provider chose by its own measurements of a device.
public struct TunedFeature: Hashable, Sendable, Codable {
    /// The name that is added to the features of the device's description.
    public var feature: String
    /// What was measured, to be shown to users.
    public var remark: String

    /// A feature and the measurements behind it.
    public init(_ feature: String, remark: String) {
        self.feature = feature
        self.remark = remark
    }
}
