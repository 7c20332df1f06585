/// The code that runs a row's nodes. Each provider has its own type of kernel, which the engine only passes on.
public protocol Kernel: Sendable {}
