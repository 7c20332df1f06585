import Weft

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The terminal behind stderr, if there is one, and the progress line that stands on it.
enum Terminal {
    private static let lock = Lock()
    nonisolated(unsafe) private static var isDrawn = false

    /// Whether stderr is a terminal that can erase a line.
    static let showsProgress: Bool = {
        guard isatty(2) == 1, progress.value != "never", let kind = getenv("TERM").map({ String(cString: $0) }) else {
            return false
        }
        return !kind.isEmpty && kind != "dumb"
    }()

    private static let noColour = EnvironmentVariable(
        "NO_COLOR", values: "anything but nothing", standard: "colours on a terminal", summary: "Leaves colours out.")
    private static let progress = EnvironmentVariable(
        "WEFT_PROGRESS", values: "always or never", standard: "after a second, on a terminal alone",
        summary: "Whether a line says how far long work has come; in pipes there is never one.")

    /// The variables that the command line reads.
    static let environment = [noColour, progress]

    /// Seconds before a progress line appears.
    static let patience = progress.value == "always" ? 0.0 : 1.0

    private static let hasColour = (noColour.value ?? "").isEmpty

    /// The text in colour, where colours are welcome.
    static func emphasised(_ text: String) -> String { hasColour ? "\u{1B}[32m\(text)\u{1B}[0m" : text }

    /// Replaces the progress line; what is wider than the terminal is cut.
    static func draw(_ line: String) {
        lock.withLock {
            isDrawn = true
            put("\r\u{1B}[2K" + cut(line, to: width - 1), to: 2)
        }
    }

    /// Erases the progress line where there is one.
    static func erase() { lock.withLock { eraseLocked() } }

    /// Writes text to a descriptor; a progress line makes way for it.
    static func write(_ text: String, to descriptor: Int32) {
        lock.withLock {
            eraseLocked()
            put(text, to: descriptor)
        }
    }

    private static func eraseLocked() {
        guard isDrawn else { return }
        isDrawn = false
        put("\r\u{1B}[2K", to: 2)
    }

    /// A reader that has gone away is no concern of ours: what is left to say is dropped.
    private static func put(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { weftWrite(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    private static var width: Int {
        var size = winsize()
        return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// At most `width` characters that show; colour sequences count nothing.
    private static func cut(_ line: String, to width: Int) -> String {
        var result = ""
        var shown = 0
        var inSequence = false
        for character in line {
            if character == "\u{1B}" { inSequence = true }
            if !inSequence {
                guard shown < width else { continue }
                shown += 1
            }
            result.append(character)
            if inSequence, character == "m" { inSequence = false }
        }
        return result
    }
}

/// The system's `write`, under a name that no method here hides.
private func weftWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
