/// The five shapes a protobuf value takes on the wire; groups are skipped, 6 and 7 do not exist.
enum WireType: UInt8 {
    case varint = 0, fixed64 = 1, bytes = 2, groupStart = 3, groupEnd = 4, fixed32 = 5
}

/// A field's number and wire type; `offset` is where its tag began.
struct WireField {
    let number: Int
    let type: WireType
    let offset: Int
}

/// Ends of the memory that a small hostile file could otherwise ask for.
package struct WireLimits: Sendable {
    /// Messages inside messages, as in protobuf's own readers.
    package var depth = 100
    /// Messages in all: the largest models known have some hundred thousand.
    package var messages = 4_000_000

    package init() {}
}

/// A message that takes its fields from a reader one at a time.
///
/// Repeated singular messages merge and repeated scalars replace, as protobuf demands.
protocol WireMessage {
    init()
    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError)
}

/// Reads the protobuf wire format out of one buffer; every length is checked before it is used.
///
/// The buffer has to outlive the reader. Payloads are returned as ranges of byte offsets into it, never copied.
/// After an error the reader's position means nothing.
struct WireReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var end: Int
    private var depth: Int
    private var messages: Int

    init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits = WireLimits()) {
        self.bytes = bytes
        end = bytes.count
        depth = limits.depth
        messages = limits.messages
    }

    /// Reads the whole buffer as one message.
    static func parse<Message: WireMessage>(
        _ type: Message.Type, _ bytes: UnsafeRawBufferPointer, limits: WireLimits = WireLimits()
    ) throws(WireError) -> Message {
        var reader = WireReader(bytes, limits: limits)
        var message = Message()
        while let field = try reader.next() { try message.read(field, from: &reader) }
        return message
    }

    /// The next field of the current message, nil at its end.
    @inline(__always)
    mutating func next() throws(WireError) -> WireField? {
        if position == end { return nil }
        let offset = position
        let tag = try rawVarint()
        guard let type = WireType(rawValue: UInt8(tag & 7)) else {
            throw error(offset, "wire type \(tag & 7) does not exist")
        }
        let number = tag >> 3
        guard number > 0, number < 1 << 29 else { throw error(offset, "field number \(number) is out of range") }
        return WireField(number: Int(number), type: type, offset: offset)
    }

    // MARK: Scalars

    mutating func int64(_ field: WireField) throws(WireError) -> Int64 {
        try expect(field, .varint)
        return Int64(bitPattern: try rawVarint())
    }

    /// Negative numbers take ten bytes on the wire; only the low 32 bits count.
    mutating func int32(_ field: WireField) throws(WireError) -> Int32 {
        Int32(truncatingIfNeeded: try int64(field))
    }

    mutating func float(_ field: WireField) throws(WireError) -> Float {
        try expect(field, .fixed32)
        return Float(bitPattern: try rawFixed(UInt32.self))
    }

    /// The range of a length-delimited value: a payload, or a string not yet looked at.
    mutating func range(_ field: WireField) throws(WireError) -> Range<Int> {
        try expect(field, .bytes)
        return try rawRange(field)
    }

    mutating func string(_ field: WireField) throws(WireError) -> String {
        let range = try range(field)
        let text = bytes.withMemoryRebound(to: UInt8.self) { String(validating: $0[range], as: UTF8.self) }
        guard let text else { throw error(field.offset, "a string is not UTF-8") }
        return text
    }

    // MARK: Repeated scalars, packed or one by one

    mutating func append(_ field: WireField, to values: inout [Int64]) throws(WireError) {
        guard field.type == .bytes else {
            values.append(try int64(field))
            return
        }
        let outerEnd = try enter(field)
        while position < end { values.append(Int64(bitPattern: try rawVarint())) }
        end = outerEnd
    }

    mutating func append(_ field: WireField, to values: inout [Float]) throws(WireError) {
        guard field.type == .bytes else {
            values.append(try float(field))
            return
        }
        let outerEnd = try enter(field)
        values.reserveCapacity(values.count + (end - position) / 4)
        while position < end { values.append(Float(bitPattern: try rawFixed(UInt32.self))) }
        end = outerEnd
    }

    /// Keeps the range of packed values, or of a single one: both hold values back to back.
    mutating func append(_ field: WireField, _ element: WireType, to chunks: inout [Range<Int>]) throws(WireError) {
        if field.type == .bytes {
            let range = try rawRange(field)
            if !range.isEmpty { chunks.append(range) }
        } else {
            try expect(field, element)
            let start = position
            try skipValue(field)
            chunks.append(start..<position)
        }
    }

    // MARK: Messages

    /// Merges an embedded message into `message`; errors from inside it name `name` and `index`.
    mutating func merge<Message: WireMessage>(
        _ field: WireField, _ name: StaticString, _ index: Int? = nil, into message: inout Message
    ) throws(WireError) {
        do throws(WireError) {
            try expect(field, .bytes)
            guard depth > 0 else { throw error(field.offset, "messages are nested too deep") }
            guard messages > 0 else { throw error(field.offset, "the file has too many messages") }
            messages -= 1
            depth -= 1
            let outerEnd = try enter(field)
            while let inner = try next() { try message.read(inner, from: &self) }
            end = outerEnd
            depth += 1
        } catch {
            throw error.inside(name, index)
        }
    }

    /// Appends an embedded message to a repeated field.
    mutating func append<Message: WireMessage>(
        _ field: WireField, _ name: StaticString, to messages: inout [Message]
    ) throws(WireError) {
        var message = Message()
        try merge(field, name, messages.count, into: &message)
        messages.append(message)
    }

    /// Passes over a field that nobody asked for.
    mutating func skip(_ field: WireField) throws(WireError) {
        if field.type == .groupStart {
            try skipGroup(field)
        } else {
            try skipValue(field)
        }
    }

    // MARK: Inside

    private mutating func skipValue(_ field: WireField) throws(WireError) {
        switch field.type {
        case .varint: _ = try rawVarint()
        case .fixed64: _ = try rawFixed(UInt64.self)
        case .fixed32: _ = try rawFixed(UInt32.self)
        case .bytes: _ = try rawRange(field)
        case .groupStart, .groupEnd: throw error(field.offset, "a group ends that never began")
        }
    }

    /// Skips to the end of a group without recursion, so that nesting costs no stack.
    private mutating func skipGroup(_ field: WireField) throws(WireError) {
        var open = [field.number]
        while let innermost = open.last {
            guard let inner = try next() else { throw error(field.offset, "a group has no end") }
            switch inner.type {
            case .groupStart:
                guard open.count < depth else { throw error(inner.offset, "groups are nested too deep") }
                open.append(inner.number)
            case .groupEnd:
                guard inner.number == innermost else {
                    throw error(inner.offset, "group \(innermost) is closed as group \(inner.number)")
                }
                open.removeLast()
            default: try skipValue(inner)
            }
        }
    }

    private func expect(_ field: WireField, _ type: WireType) throws(WireError) {
        if field.type != type {
            throw error(field.offset, "field \(field.number) is a \(field.type), expected a \(type)")
        }
    }

    /// Narrows the reader to a length-delimited value and returns the end to restore.
    private mutating func enter(_ field: WireField) throws(WireError) -> Int {
        let range = try rawRange(field)
        let outerEnd = end
        position = range.lowerBound
        end = range.upperBound
        return outerEnd
    }

    /// Reads a length and steps over that many bytes.
    @inline(__always)
    private mutating func rawRange(_ field: WireField) throws(WireError) -> Range<Int> {
        let length = try rawVarint()
        guard length <= UInt64(end - position) else {
            throw error(field.offset, "a length of \(length) bytes reaches past the end, \(end - position) are left")
        }
        let start = position
        position += Int(length)
        return start..<position
    }

    private mutating func rawFixed<Word: FixedWidthInteger>(_: Word.Type) throws(WireError) -> Word {
        guard end - position >= MemoryLayout<Word>.size else { throw error(position, "the data ends inside a number") }
        let word = bytes.loadUnaligned(fromByteOffset: position, as: Word.self)
        position += MemoryLayout<Word>.size
        return Word(littleEndian: word)
    }

    @inline(__always)
    private mutating func rawVarint() throws(WireError) -> UInt64 {
        if position < end, bytes[position] < 0x80 {
            position += 1
            return UInt64(bytes[position - 1])
        }
        return try longVarint()
    }

    private mutating func longVarint() throws(WireError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let byte = bytes[position]
            position += 1
            if shift == 63, byte > 1 { throw error(start, "a number has more than 64 bits") }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw error(start, "the data ends inside a number")
    }

    @inline(never)
    private func error(_ offset: Int, _ problem: String) -> WireError { WireError(offset: offset, problem: problem) }
}
