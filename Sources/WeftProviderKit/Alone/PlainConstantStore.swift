public import WeftProvider

/// A store that keeps every packed constant for as long as it lives. For use by one thread or few.
///
/// If two threads ask for the same form at once, both make it.
public final class PlainConstantStore: ConstantStore {
    private let lock = Lock()
    nonisolated(unsafe) private var kept: [String: any Packed] = [:]

    /// An empty store.
    public init() {}

    public func packed<P: Packed>(
        _ constant: Constant, on device: String, format: String, _ make: () throws(WeftError) -> P
    ) throws(WeftError) -> P {
        let key = "\(constant.id)|\(device)|\(format)"
        if let present = lock.withLock({ kept[key] }) as? P { return present }
        let made = try make()
        lock.withLock { kept[key] = made }
        return made
    }
}
