#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An environment variable that changes what a provider or the tool does, declared where it is read.
public struct EnvironmentVariable: Sendable, Hashable, Codable {
    /// The variable's name.
    public let name: String
    /// The values that it may have, in words.
    public let values: String
    /// What applies if it is not set.
    public let standard: String
    /// What it does, in one sentence.
    public let summary: String

    /// A declaration with these texts.
    public init(_ name: String, values: String, standard: String, summary: String) {
        self.name = name
        self.values = values
        self.standard = standard
        self.summary = summary
    }

    /// Its value in this process; nil if it is not set.
    public var value: String? { getenv(name).map { String(cString: $0) } }
}
