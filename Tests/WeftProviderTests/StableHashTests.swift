import Testing
import WeftProvider

@Suite struct StableHashTests {
    /// The published check values of 64-bit FNV-1a.
    @Test(arguments: [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)])
    func bytesGiveFNV1a(_ text: String, _ value: UInt64) {
        #expect(StableHash(text).value == value)
        #expect(StableHash(Array(text.utf8)).value == value)
    }

    @Test func textsAreToldFromTheirJoin() {
        var parts = StableHash()
        parts.add("rates")
        parts.add("cpu")
        var join = StableHash()
        join.add("ratescpu")
        #expect(parts.text != join.text)
        #expect(parts.text.count == 16)
    }

    /// Every byte counts, those past the last whole word too.
    @Test(arguments: [0, 7, 8, 12]) func everyByteOfABufferCounts(_ changed: Int) {
        var bytes = [UInt8](repeating: 0, count: 13)
        func hash() -> UInt64 {
            var hash = StableHash()
            bytes.withUnsafeBytes { hash.add($0) }
            return hash.value
        }
        let before = hash()
        bytes[changed] = 1
        #expect(hash() != before)
    }
}
