import WeftProvider

extension Workers {
    /// Runs `body` over 0 ..< count in ranges of at most `chunk`; ranges depend on `count` alone.
    func forEachRange(
        _ count: Int, chunk: Int = 32768, _ body: (Range<Int>) -> Void
    ) throws(WeftError) {
        guard count > chunk else {
            if count > 0 { body(0..<count) }
            return
        }
        try forEach((count - 1) / chunk + 1) { index, _ in
            let start = index * chunk
            body(start..<Swift.min(count, start + chunk))
        }
    }
}
