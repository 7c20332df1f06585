/// A choice that a provider's own measurements of a device came to.
public struct TunedFeature: Hashable, Sendable, Codable {
    /// What the device's description has among its features from then on.
    public var feature: String
    /// What was measured, for people.
    public var remark: String

    public init(_ feature: String, remark: String) {
        self.feature = feature
        self.remark = remark
    }
}
