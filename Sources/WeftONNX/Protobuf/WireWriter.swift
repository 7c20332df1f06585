/// Writes the protobuf wire format: what a test data file needs.
package struct WireWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func varint(_ field: Int, _ value: Int64) {
        tag(field, .varint)
        rawVarint(UInt64(bitPattern: value))
    }

    package mutating func fixed32(_ field: Int, _ value: UInt32) {
        tag(field, .fixed32)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func fixed64(_ field: Int, _ value: UInt64) {
        tag(field, .fixed64)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func data(_ field: Int, _ value: some Collection<UInt8>) {
        tag(field, .bytes)
        rawVarint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    package mutating func string(_ field: Int, _ value: String) {
        data(field, value.utf8)
    }

    package mutating func message(_ field: Int, _ write: (inout WireWriter) -> Void) {
        var inner = WireWriter()
        write(&inner)
        data(field, inner.bytes)
    }

    package mutating func packedVarints(_ field: Int, _ values: [Int64]) {
        var inner = WireWriter()
        for value in values { inner.rawVarint(UInt64(bitPattern: value)) }
        data(field, inner.bytes)
    }

    private mutating func tag(_ field: Int, _ type: WireType) {
        rawVarint(UInt64(field) << 3 | UInt64(type.rawValue))
    }

    private mutating func rawVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
