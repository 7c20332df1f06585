import Foundation
public import WeftProvider

/// Two devices with one memory, which the host does not see: the first runs Neg, the second Abs.
public struct TwinProvider: Provider {
    public let name = "twin"
    public let rows: [SupportRow]
    private let copies: CopyCount
    private let pace: Duration

    /// What is copied to and from the devices' memory is counted in `copies`; each submission takes at least `pace`.
    public init(counting copies: CopyCount = CopyCount(), pace: Duration = .zero) {
        self.copies = copies
        self.pace = pace
        rows = [
            Self.row("Abs", TwinKernel { $0.magnitude }), Self.row("Neg", TwinKernel { -$0 }),
        ]
    }

    public func devices() -> (found: [DeviceDescription], unavailable: String?) {
        let devices = [("twin", "Neg"), ("twin:1", "Abs")].map { id, runs in
            DeviceDescription(
                id: id, name: "a thread for \(runs)", provider: name, kind: .discrete, memorySpace: "twin",
                features: [runs], unifiedMemory: false, usesHostCores: false, alignment: 256)
        }
        return (devices, nil)
    }

    public func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
        TwinDevice(device, copies: copies, pace: pace)
    }

    private static func row(_ opType: String, _ kernel: TwinKernel) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint([.float32]),
            if: Condition("a variable, on its device") { node, device in
                if !device.features.contains(opType) { return .other("is for the other twin") }
                return node.input(0)?.constant == nil ? nil : .other("runs nothing on a constant")
            },
            variants: { node, _ in [Variant("plain", work: .elements(of: node))] }, kernel: kernel)
    }
}

/// What a node does to each element.
struct TwinKernel: Kernel {
    let operation: @Sendable (Float) -> Float
    init(_ operation: @escaping @Sendable (Float) -> Float) { self.operation = operation }
}

/// Copies between the host and the twins' memory.
public final class CopyCount: @unchecked Sendable {
    private let lock = Lock()
    private var counts = (up: 0, down: 0)

    public init() {}

    /// How many values were brought to the twins' memory.
    public var uploads: Int { lock.withLock { counts.up } }
    /// How many were brought back.
    public var downloads: Int { lock.withLock { counts.down } }

    func add(up: Int, down: Int) {
        lock.withLock {
            counts.up += up
            counts.down += down
        }
    }
}
