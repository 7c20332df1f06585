/// A short number for contents, the same in every process: FNV-1a.
package struct StableHash: Sendable {
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    /// The FNV-1a of bytes.
    package init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { step(UInt64(byte)) }
    }

    package init(_ text: String) { self.init(text.utf8) }

    private mutating func step(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01b3 }

    /// Adds a text and its end, so that two texts in a row differ from one of both.
    package mutating func add(_ text: String) {
        for byte in text.utf8 { add(UInt64(byte)) }
        add(0x100)
    }

    /// Adds a word as one step; its high bits are folded into the low ones, which a product alone does not do.
    package mutating func add(_ word: UInt64) {
        step(word)
        value ^= value >> 29
    }

    /// Adds eight bytes at a time, then what is left, and their count.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let words = bytes.count / 8
        for word in 0..<words {
            add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)))
        }
        for byte in bytes[(words * 8)...] { add(UInt64(byte)) }
        add(UInt64(bytes.count))
    }

    /// Sixteen hexadecimal digits.
    package var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
