public import WeftProvider

/// Keeps what was packed for as long as it lives; made for few askers.
public final class PlainConstantStore: ConstantStore {
    private let lock = Lock()
    nonisolated(unsafe) private var kept: [String: any Packed] = [:]

    /// A store that has nothing yet.
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
