public import WeftProvider

/// A provider in a preference list: one that ships with Weft, one of its devices, or an instance of one's own.
public struct ProviderChoice: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    enum Kind: Sendable {
        case named(String)
        case instance(any Provider, devices: [String])
    }
    let kind: Kind

    /// A provider or device by name, such as `cpu`, `openblas`, `vulkan`, `vulkan:1`.
    public static func named(_ name: String) -> ProviderChoice { ProviderChoice(kind: .named(name)) }

    /// An instance of one's own, on its first device or on those of its devices that are named, in that order.
    public static func provider(_ provider: any Provider, devices: [String] = []) -> ProviderChoice {
        ProviderChoice(kind: .instance(provider, devices: devices))
    }

    /// The provider that has every operator, in host memory.
    public static let cpu = named("cpu")
    /// Products and convolutions on OpenBLAS, in host memory.
    public static let openBLAS = named("openblas")
    /// The first Vulkan device.
    public static let vulkan = named("vulkan")

    init(kind: Kind) { self.kind = kind }

    public init(stringLiteral name: String) { self.init(kind: .named(name)) }

    /// The instance that was given, unless it is one of those that ship with Weft.
    var own: (any Provider)? {
        guard case .instance(let provider, _) = kind, !DefaultProviders.ships(provider) else { return nil }
        return provider
    }

    public var description: String {
        switch kind {
        case .named(let name): name
        case .instance(let provider, _): provider.name
        }
    }
}
