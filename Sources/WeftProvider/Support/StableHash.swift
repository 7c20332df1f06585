/// A 64-bit hash that is the same in every process: FNV-1a, or for what is added in words a variant of it.
package struct StableHash: Sendable {
    /// The hash of what was added so far.
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    /// The hash of nothing.
    package init() {}

    /// The FNV-1a hash of bytes.
    package init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { step(UInt64(byte)) }
    }

    /// The FNV-1a hash of a text's UTF-8 bytes.
    package init(_ text: String) { self.init(text.utf8) }

    private mutating func step(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01b3 }

    /// Adds a text and a mark of its end, so that adding two texts differs from adding both as one.
    package mutating func add(_ text: String) {
        for byte in text.utf8 { add(UInt64(byte)) }
        add(0x100)
    }

    /// Adds a word as one step, then folds the high bits into the low ones, since a product spreads bits upwards only.
    package mutating func add(_ word: UInt64) {
        step(word)
        value ^= value >> 29
    }

    /// Adds the bytes, eight at a time, then the remaining ones singly, then their count.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let words = bytes.count / 8
        for word in 0..<words {
            add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)))
        }
        for byte in bytes[(words * 8)...] { add(UInt64(byte)) }
        add(UInt64(bytes.count))
    }

    /// The hash as sixteen hexadecimal digits.
    package var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
