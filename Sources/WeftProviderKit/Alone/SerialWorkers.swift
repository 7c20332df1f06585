public import WeftProvider

/// Workers without threads of their own: the caller runs all chunks, in order.
public final class SerialWorkers: Workers {
    /// One: the caller's thread.
    public let count = 1
    /// Workers that start no thread.
    public init() {}

    public func forEach(_ chunks: Int, _ body: (Int, Int) -> Void) throws(WeftError) {
        for chunk in 0..<chunks { body(chunk, 0) }
    }

    /// Does nothing: there is no run to cancel.
    public func checkCancellation() throws(WeftError) {}
}
