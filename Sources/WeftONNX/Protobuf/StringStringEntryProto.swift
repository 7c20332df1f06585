/// A key and a value: metadata, or a part of an external tensor's address.
package struct StringStringEntryProto: WireMessage {
    package var key = ""
    package var value = ""

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: key = try reader.string(field)
        case 2: value = try reader.string(field)
        default: try reader.skip(field)
        }
    }
}
