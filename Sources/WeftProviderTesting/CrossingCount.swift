import WeftProvider

/// Counts what is copied between a pretended device's memory and its staging, by bytes.
package final class CrossingCount: @unchecked Sendable {
    private let lock = Lock()
    private var up: [Int: Int] = [:]
    private var down: [Int: Int] = [:]

    package init() {}

    /// How many copies of so many bytes came to the device, and left it.
    package func uploads(of bytes: Int) -> Int { lock.withLock { up[bytes] ?? 0 } }
    package func downloads(of bytes: Int) -> Int { lock.withLock { down[bytes] ?? 0 } }

    /// All copies since the last reset.
    package var uploads: Int { lock.withLock { up.values.reduce(0, +) } }
    package var downloads: Int { lock.withLock { down.values.reduce(0, +) } }

    package func reset() {
        lock.withLock {
            up = [:]
            down = [:]
        }
    }

    func add(upload bytes: Int) { lock.withLock { up[bytes, default: 0] += 1 } }
    func add(download bytes: Int) { lock.withLock { down[bytes, default: 0] += 1 } }
}
