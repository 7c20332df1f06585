public import WeftProvider

extension EnvironmentVariable {
    /// Every variable that the providers that ship with Weft read, by name.
    public static var ofDefaultProviders: [EnvironmentVariable] {
        DefaultProviders.all.flatMap(\.environment).sorted { $0.name < $1.name }
    }
}
