import Testing

@testable import WeftONNX

/// A message that keeps whatever it is given.
private struct Probe: WireMessage {
    var int: Int64 = 0
    var int32: Int32 = 0
    var float: Float = 0
    var text = ""
    var range = 0..<0
    var ints: [Int64] = []
    var floats: [Float] = []
    var chunks: [Range<Int>] = []
    var inner: [Probe] = []

    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) {
        switch field.number {
        case 1: int = try reader.int64(field)
        case 2: int32 = try reader.int32(field)
        case 3: float = try reader.float(field)
        case 4: text = try reader.string(field)
        case 5: range = try reader.range(field)
        case 6: try reader.append(field, to: &ints)
        case 7: try reader.append(field, to: &floats)
        case 8: try reader.append(field, .varint, to: &chunks)
        case 9: try reader.append(field, "inner", to: &inner)
        default: try reader.skip(field)
        }
    }
}

private func parse(_ bytes: [UInt8], depth: Int = 100, messages: Int = 1000) throws -> Probe {
    var limits = WireLimits()
    limits.depth = depth
    limits.messages = messages
    return try bytes.withUnsafeBytes { try WireReader.parse(Probe.self, $0, limits: limits) }
}

private func problem(_ bytes: [UInt8], depth: Int = 100, messages: Int = 1000) -> WireError? {
    do {
        _ = try parse(bytes, depth: depth, messages: messages)
        return nil
    } catch {
        return error as? WireError
    }
}

@Suite struct WireReaderTests {
    @Test func anEmptyMessageKeepsItsDefaults() throws {
        #expect(try parse([]).int == 0)
    }

    @Test func varintsOfEveryLengthAreRead() throws {
        for bits in 0..<64 {
            let value = Int64(bitPattern: 1 << UInt64(bits))
            var writer = WireWriter()
            writer.varint(1, value)
            #expect(try parse(writer.bytes).int == value)
        }
        #expect(try parse([8] + [UInt8](repeating: 0xff, count: 9) + [1]).int == -1)
    }

    @Test func negativeInt32TakesItsLowBits() throws {
        var writer = WireWriter()
        writer.varint(2, -5)
        #expect(writer.bytes.count == 11)
        #expect(try parse(writer.bytes).int32 == -5)
    }

    @Test func theLastOfRepeatedScalarsWins() throws {
        #expect(try parse([8, 1, 8, 2]).int == 2)
    }

    @Test func stringsAndPayloadsAreFound() throws {
        let probe = try parse([0x22, 2, 0xc3, 0x9f, 0x2a, 3, 9, 9, 9])
        #expect(probe.text == "ß")
        #expect(probe.range == 6..<9)
    }

    @Test func repeatedNumbersMayBePackedOrNot() throws {
        #expect(try parse([0x32, 3, 1, 0xac, 2, 0x30, 7]).ints == [1, 300, 7])
        let one = [UInt8](repeating: 0, count: 2) + [0x80, 0x3f]
        #expect(try parse([0x3a, 8] + one + one + [0x3d] + one).floats == [1, 1, 1])
        #expect(try parse([0x42, 2, 1, 2, 0x42, 0, 0x40, 0xac, 2]).chunks == [2..<4, 7..<9])
    }

    @Test func unknownFieldsOfEveryWireTypeAreSkipped() throws {
        let unknown: [UInt8] =
            [0x78, 0xff, 1] + [0x79] + [UInt8](repeating: 1, count: 8) + [0x7a, 2, 0, 0] + [0x7d, 1, 2, 3, 4]
        #expect(try parse(unknown + [8, 5]).int == 5)
    }

    @Test func groupsAreSkippedWithWhatIsInThem() throws {
        #expect(try parse([0x7b, 8, 9, 0x0b, 0x22, 1, 0, 0x0c, 0x7c, 8, 5]).int == 5)
    }

    @Test func messagesNestAndErrorsSayWhere() throws {
        let probe = try parse([0x4a, 4, 0x4a, 2, 8, 3, 0x4a, 0])
        #expect(probe.inner.count == 2)
        #expect(probe.inner.first?.inner.first?.int == 3)
        let error = try #require(problem([0x4a, 0, 0x4a, 3, 0x4a, 1, 0x0e]))
        #expect(error == WireError(offset: 6, path: ["inner[1]", "inner[0]"], problem: "wire type 6 does not exist"))
        #expect(error.description == "wire type 6 does not exist at byte 6 in inner[1].inner[0]")
    }

    @Test(
        arguments: [
            ([8], "the data ends inside a number"),
            ([8, 0x80], "the data ends inside a number"),
            ([8] + [UInt8](repeating: 0xff, count: 10), "a number has more than 64 bits"),
            ([0], "field number 0 is out of range"),
            ([0x80, 0x80, 0x80, 0x80, 0x10, 0], "field number 536870912 is out of range"),
            ([0x0f], "wire type 7 does not exist"),
            ([0x22, 5, 1], "a length of 5 bytes reaches past the end, 1 are left"),
            (
                [0x22, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
                "a length of 18446744073709551615 bytes reaches past the end, 0 are left"
            ),
            ([0x22, 1, 0xff], "a string is not UTF-8"),
            ([0x0a, 0], "field 1 is a bytes, expected a varint"),
            ([0x1d, 0, 0], "the data ends inside a number"),
            ([0x32, 1, 0x80, 1], "the data ends inside a number"),
            ([0x3a, 5, 0, 0, 0, 0, 0], "the data ends inside a number"),
            ([0x4a, 2, 8, 0x80, 1], "the data ends inside a number"),
            ([0x7b, 8, 1], "a group has no end"),
            ([0x7b, 0x74], "group 15 is closed as group 14"),
            ([0x7c], "a group ends that never began"),
        ] as [([UInt8], String)])
    func malformedBytesAreNamed(_ bytes: [UInt8], _ expected: String) {
        #expect(problem(bytes)?.problem == expected)
    }

    @Test func depthAndNumberOfMessagesAreBounded() {
        let three: [UInt8] = [0x4a, 4, 0x4a, 2, 0x4a, 0]
        #expect(problem(three, depth: 3) == nil)
        #expect(problem(three, depth: 2)?.problem == "messages are nested too deep")
        #expect(problem(three, messages: 2)?.problem == "the file has too many messages")
        #expect(problem([0x7b, 0x7b, 0x7b], depth: 2)?.problem == "groups are nested too deep")
    }
}
