import Weft

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How far a long piece of work has come, as a line on stderr that erases itself; silent where that is no terminal.
///
/// The line appears after `Terminal.patience`. A thread of its own draws it, so that it moves while the work blocks.
final class Progress: @unchecked Sendable {
    private let lock = Lock()
    private let total: Int?
    private let start = Stopwatch()
    private var title: String
    private var done = 0
    private var finished = false

    /// `total` is the number of steps; nil where nobody knows, and then the line counts seconds.
    init(_ title: String, total: Int? = nil) {
        self.title = title
        self.total = total
        guard Terminal.showsProgress else { return }
        if Terminal.patience == 0 { Terminal.draw(line(0)) }
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
        let result = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Progress>.fromOpaque(argument).takeRetainedValue().tick() }
                return nil
            }, box.toOpaque())
        if result == 0 { pthread_detach(thread) } else { box.release() }
    }

    /// Runs `body` under a line that is gone when it returns.
    static func during<R, E: Error>(
        _ title: String, total: Int? = nil, _ body: (Progress) throws(E) -> R
    ) throws(E) -> R {
        let progress = Progress(title, total: total)
        defer { progress.finish() }
        return try body(progress)
    }

    /// One more step is done; `title` is what the next one is about.
    func advance(_ title: String? = nil) {
        lock.withLock {
            done += 1
            if let title { self.title = title }
        }
    }

    /// What the work is at, without a step.
    func rename(_ title: String) { lock.withLock { self.title = title } }

    /// Erases the line for good.
    func finish() {
        lock.withLock { finished = true }
        Terminal.erase()
    }

    private func tick() {
        while true {
            usleep(100_000)
            let more = lock.withLock {
                guard !finished else { return false }
                let seconds = start.seconds
                if seconds >= Terminal.patience { Terminal.draw(line(seconds)) }
                return true
            }
            guard more else { return }
        }
    }

    private func line(_ seconds: Double) -> String {
        guard let total, total > 0 else { return "\(title) … \(Int(seconds)) s" }
        let share = min(1, Double(done) / Double(total))
        let width = 24
        let filled = Int(share * Double(width))
        let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled)
        var line = "[\(Terminal.emphasised(bar))] \(done) of \(total)"
        if done > 0, done < total { line += ", \(Int((seconds / share - seconds).rounded(.up))) s left" }
        return line + "  " + title
    }
}
