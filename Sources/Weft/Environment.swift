public import WeftProvider
import WeftProviderKit

extension EnvironmentVariable {
    /// Every variable that Weft and the providers that ship with it read, by name.
    public static var ofDefaultProviders: [EnvironmentVariable] {
        Set(DefaultProviders.all.flatMap(\.environment) + [CacheDirectory.variable]).sorted { $0.name < $1.name }
    }
}
