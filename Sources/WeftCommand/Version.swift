import Weft

/// What `weft --version` prints.
enum Version {
    static var text: String {
        let names = DefaultProviders.all.map(\.name).joined(separator: ", ")
        return
            "weft \(WeftVersion.number)\nSwift \(compiler)\ntraits: \(traits.joined(separator: ", "))\nproviders: \(names)"
    }

    private static var compiler: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #elseif compiler(>=6.2)
            "6.2"
        #else
            "6.1"
        #endif
    }

    private static var traits: [String] {
        var traits: [String] = []
        #if OpenBLAS
            traits.append("OpenBLAS")
        #endif
        #if Vulkan
            traits.append("Vulkan")
        #endif
        #if Pictures
            traits.append("Pictures")
        #endif
        return traits
    }
}
