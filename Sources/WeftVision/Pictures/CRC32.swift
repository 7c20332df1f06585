/// The checksum that PNG chunks end with.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }

    /// The checksum of a part of the bytes, which must lie within.
    static func of(_ bytes: [UInt8], _ part: Range<Int>) -> UInt32 {
        bytes.withUnsafeBufferPointer { bytes in
            table.withUnsafeBufferPointer { table in
                var sum: UInt32 = 0xFFFF_FFFF
                for at in part { sum = sum >> 8 ^ table[Int((sum ^ UInt32(bytes[at])) & 0xFF)] }
                return ~sum
            }
        }
    }
}
