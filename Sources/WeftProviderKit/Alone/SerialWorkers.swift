public import WeftProvider

/// One thread: chunks in order.
public final class SerialWorkers: Workers {
    /// The caller's own thread.
    public let count = 1
    /// Takes nothing: the thread is the caller's.
    public init() {}

    public func forEach(_ chunks: Int, _ body: (Int, Int) -> Void) throws(WeftError) {
        for chunk in 0..<chunks { body(chunk, 0) }
    }

    public func checkCancellation() throws(WeftError) {}
}
