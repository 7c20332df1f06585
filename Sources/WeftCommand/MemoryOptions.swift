import ArgumentParser
import Weft

/// How much of devices' memory a command may use.
struct MemoryOptions: ParsableArguments {
    @Option(
        name: .customLong("device-memory"),
        help: ArgumentHelp(
            "Memory to take on each device at most, as 512MiB, 2GB or bytes; what does not fit stays on the host.",
            valueName: "size"),
        transform: ByteSize.bytes)
    var deviceMemory: Int?
}

/// Sizes of memory as people write them.
enum ByteSize {
    private static let units: [(name: String, bytes: Double)] = [
        ("", 1), ("b", 1), ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("tb", 1e12), ("kib", 0x1p10), ("mib", 0x1p20),
        ("gib", 0x1p30), ("tib", 0x1p40),
    ]

    /// Bytes, rounded down. Throws `ValidationError` for what is no size, and for one that no memory has.
    static func bytes(_ text: String) throws -> Int {
        let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let unit = text.dropFirst(number.count).drop { $0 == " " }.lowercased()
        guard number.first != ".", number.last != ".", let count = Double(number), count.isFinite,
            let size = units.first(where: { $0.name == unit })?.bytes
        else {
            throw ValidationError("'\(text)' is no size of memory; it should be like 512MB, 64MiB, 1.5GB or 1048576")
        }
        let bytes = count * size
        guard bytes < 0x1p62 else { throw ValidationError("'\(text)' is more than any device has") }
        return Int(bytes)
    }
}
