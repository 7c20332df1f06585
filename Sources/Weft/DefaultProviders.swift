import WeftCPU
import WeftOpenBLAS
public import WeftProvider
import WeftVulkan

/// The providers that names stand for: those that the process added, then those that ship with Weft.
public enum DefaultProviders {
    /// Providers that were added, in their order, then fastest kinds of device first; `cpu` last.
    public static var all: [any Provider] { added.all + shipped }

    /// Adds providers of one's own: from then on names, and lists that name nobody, stand for them as well.
    ///
    /// To be called before the first session is made. Throws `.invalidOption`, and adds none of them, where a name is
    /// another provider's, or cannot stand in a list of names.
    public static func add(_ providers: [any Provider]) throws(WeftError) { try added.add(providers, beside: shipped) }

    /// One instance of each, made when first asked for.
    private static let shipped: [any Provider] = [
        VulkanProvider(),
        OpenBLASProvider(),
        reference,
    ]

    private static let added = AddedProviders()

    /// The provider that has every operator.
    static let reference = CPUProvider()

    /// Whether an instance is one of those that ship with Weft, which all are alike.
    static func ships(_ provider: any Provider) -> Bool {
        shipped.contains { $0.name == provider.name && type(of: $0) == type(of: provider) }
    }
}

/// What a process adds to the providers that ship with Weft.
private final class AddedProviders: @unchecked Sendable {
    private let lock = Lock()
    private var providers: [any Provider] = []

    var all: [any Provider] { lock.withLock { providers } }

    func add(_ new: [any Provider], beside shipped: [any Provider]) throws(WeftError) {
        try lock.withLock { () throws(WeftError) in
            var names = Set((providers + shipped).map(\.name))
            for provider in new {
                let name = provider.name
                guard !name.isEmpty, !name.contains(where: { ",:=*".contains($0) || $0.isWhitespace }) else {
                    throw WeftError(
                        .invalidOption, "'\(name)' cannot be a provider's name",
                        hint: "a name has no spaces and none of , : = *")
                }
                guard names.insert(name).inserted else { throw .sameName(name) }
            }
            providers += new
        }
    }
}

extension WeftError {
    /// Two providers of one list, or of one process, have the same name.
    static func sameName(_ name: String) -> WeftError {
        WeftError(
            .invalidOption, "two providers are named '\(name)'",
            hint: "give each provider a name of its own; cpu, openblas and vulkan are Weft's")
    }
}
