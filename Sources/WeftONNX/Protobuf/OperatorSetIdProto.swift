/// A domain and the version of it that a model or function speaks.
package struct OperatorSetIdProto: WireMessage {
    package var domain = ""
    package var version: Int64 = 0

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: domain = try reader.string(field)
        case 2: version = try reader.int64(field)
        default: try reader.skip(field)
        }
    }
}
