/// What a provider runs a row's nodes with; each provider has its own kind.
public protocol Kernel: Sendable {}
