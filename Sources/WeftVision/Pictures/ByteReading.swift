/// Reads from bytes that may end anywhere; nil where they do.
extension RandomAccessCollection where Element == UInt8, Index == Int {
    func byte(_ offset: Int) -> Int? {
        guard offset >= 0, offset < count else { return nil }
        return Int(self[startIndex + offset])
    }

    func uint16(_ offset: Int, littleEndian: Bool = false) -> Int? {
        guard let first = byte(offset), let second = byte(offset + 1) else { return nil }
        return littleEndian ? second << 8 | first : first << 8 | second
    }

    func uint32(_ offset: Int, littleEndian: Bool = false) -> Int? {
        guard let first = uint16(offset, littleEndian: littleEndian),
            let second = uint16(offset + 2, littleEndian: littleEndian)
        else { return nil }
        return littleEndian ? second << 16 | first : first << 16 | second
    }

    /// Whether the text stands at the offset, byte for byte.
    func has(_ text: StaticString, at offset: Int = 0) -> Bool {
        guard offset >= 0, offset <= count - text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { wanted in
            wanted.indices.allSatisfy { self[startIndex + offset + $0] == wanted[$0] }
        }
    }
}
