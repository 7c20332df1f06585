#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An environment variable that changes what a provider or the tool does, declared where it is read.
public struct EnvironmentVariable: Sendable, Hashable, Codable {
    public let name: String
    /// What it may be set to, in words.
    public let values: String
    /// What holds where it is not set.
    public let standard: String
    public let summary: String

    public init(_ name: String, values: String, standard: String, summary: String) {
        self.name = name
        self.values = values
        self.standard = standard
        self.summary = summary
    }

    /// What it is set to in this process; nil where it is not set.
    public var value: String? { getenv(name).map { String(cString: $0) } }
}
