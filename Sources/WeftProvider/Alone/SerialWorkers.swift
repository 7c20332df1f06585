/// One thread: chunks in order.
package final class SerialWorkers: Workers {
    package let count = 1
    package init() {}

    package func forEach(_ chunks: Int, _ body: (Int, Int) -> Void) throws(WeftError) {
        for chunk in 0..<chunks { body(chunk, 0) }
    }

    package func checkCancellation() throws(WeftError) {}
}
