public import WeftProvider

extension Workers {
    /// Calls `body` with consecutive ranges that cover 0 ..< `count`, in parallel if there is more than one.
    ///
    /// Only the last range may be shorter than `grain`, and each range starts at a multiple of `step`. The ranges
    /// depend on the arguments and the number of threads alone, so that results are the same every time.
    public func forEachRange(
        of count: Int, grain: Int = 1, step: Int = 1, _ body: (_ range: Range<Int>, _ worker: Int) -> Void
    ) throws(WeftError) {
        guard count > 0 else { return }
        let least = Swift.max(grain, (count + self.count * 4 - 1) / (self.count * 4), 1)
        let size = (least + step - 1) / step * step
        guard self.count > 1, size < count else { return try forEach(1) { _, worker in body(0..<count, worker) } }
        try forEach((count + size - 1) / size) { chunk, worker in
            body(chunk * size..<Swift.min(count, (chunk + 1) * size), worker)
        }
    }
}
