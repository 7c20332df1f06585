import WeftProvider

/// Counts what is copied between a pretended device's memory and its staging, by bytes.
public final class TransferCount: @unchecked Sendable {
    private let lock = Lock()
    private var up: [Int: Int] = [:]
    private var down: [Int: Int] = [:]

    /// Nothing is counted yet.
    public init() {}

    /// How many copies of so many bytes came to the device.
    public func uploads(of bytes: Int) -> Int { lock.withLock { up[bytes] ?? 0 } }
    /// How many copies of so many bytes left the device.
    public func downloads(of bytes: Int) -> Int { lock.withLock { down[bytes] ?? 0 } }

    /// All copies to the device since the last reset.
    public var uploads: Int { lock.withLock { up.values.reduce(0, +) } }
    /// All copies from the device since the last reset.
    public var downloads: Int { lock.withLock { down.values.reduce(0, +) } }

    /// Forgets what was counted.
    public func reset() {
        lock.withLock {
            up = [:]
            down = [:]
        }
    }

    func add(upload bytes: Int) { lock.withLock { up[bytes, default: 0] += 1 } }
    func add(download bytes: Int) { lock.withLock { down[bytes, default: 0] += 1 } }
}
