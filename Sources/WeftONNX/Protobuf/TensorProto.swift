/// A tensor whose elements are still in the file: every payload is a range of bytes, never a copy.
///
/// A typed field is a list of ranges: packed values give one, a value that stands alone gives one each.
package struct TensorProto: WireMessage {
    package var name = ""
    package var dims: [Int64] = []
    package var dataType: Int32 = 0
    package var rawData: Range<Int>?
    package var floatData: [Range<Int>] = []
    package var doubleData: [Range<Int>] = []
    package var int32Data: [Range<Int>] = []
    package var int64Data: [Range<Int>] = []
    package var uint64Data: [Range<Int>] = []
    package var stringData: [Range<Int>] = []
    package var externalData: [StringStringEntryProto] = []
    package var isExternal = false

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: try reader.append(field, to: &dims)
        case 2: dataType = try reader.int32(field)
        case 3: throw WireError(offset: field.offset, problem: "tensors stored in segments are not supported")
        case 4: try reader.append(field, .fixed32, to: &floatData)
        case 5: try reader.append(field, .varint, to: &int32Data)
        case 6: stringData.append(try reader.range(field))
        case 7: try reader.append(field, .varint, to: &int64Data)
        case 8: name = try reader.string(field)
        case 9: rawData = try reader.range(field)
        case 10: try reader.append(field, .fixed64, to: &doubleData)
        case 11: try reader.append(field, .varint, to: &uint64Data)
        case 13: try reader.append(field, "external_data", to: &externalData)
        case 14: isExternal = try reader.int32(field) == 1
        default: try reader.skip(field)
        }
    }
}

/// A tensor given by its non-zero elements; `indices` are linear [n] or by axis [n, rank].
package struct SparseTensorProto: WireMessage {
    package var values = TensorProto()
    package var indices = TensorProto()
    package var dims: [Int64] = []

    package init() {}

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: try reader.merge(field, "values", into: &values)
        case 2: try reader.merge(field, "indices", into: &indices)
        case 3: try reader.append(field, to: &dims)
        default: try reader.skip(field)
        }
    }
}
