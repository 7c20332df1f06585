/// A value written as Python prints it: what YOLO exports keep their class names and sizes in.
package indirect enum PythonLiteral: Equatable, Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case real(Double)
    case text(String)
    case list([PythonLiteral])
    case dictionary([Entry])

    package struct Entry: Equatable, Sendable {
        package let key: PythonLiteral
        package let value: PythonLiteral

        package init(key: PythonLiteral, value: PythonLiteral) {
            self.key = key
            self.value = value
        }
    }

    /// What stopped the reading, and at which byte.
    package struct SyntaxError: Error, Equatable {
        package let position: Int
        package let expected: String
    }

    /// Reads one value; lists, tuples and dictionaries may nest 16 deep.
    package init(_ source: String) throws(SyntaxError) {
        var reader = Reader(bytes: Array(source.utf8))
        self = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.at == reader.bytes.count else { throw reader.expected("the end") }
    }

    package var integer: Int? { if case .integer(let value) = self { value } else { nil } }

    package var integers: [Int]? {
        guard case .list(let items) = self else { return nil }
        let values = items.compactMap(\.integer)
        return values.count == items.count ? values : nil
    }
}

extension PythonLiteral {
    private struct Reader {
        let bytes: [UInt8]
        var at = 0

        func expected(_ what: String) -> SyntaxError { SyntaxError(position: at, expected: what) }

        mutating func skipSpace() {
            while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
        }

        /// Moves past the character if it is next, space before it aside.
        mutating func take(_ character: Character) -> Bool {
            skipSpace()
            guard at < bytes.count, bytes[at] == character.asciiValue else { return false }
            at += 1
            return true
        }

        mutating func value(depth: Int) throws(SyntaxError) -> PythonLiteral {
            guard depth < 16 else { throw expected("less nesting") }
            if take("{") { return try dictionary(depth: depth) }
            if take("[") { return .list(try items(until: "]", depth: depth)) }
            if take("(") { return .list(try items(until: ")", depth: depth)) }
            guard at < bytes.count else { throw expected("a value") }
            if bytes[at] == UInt8(ascii: "'") || bytes[at] == UInt8(ascii: "\"") { return .text(try text()) }
            return try word()
        }

        mutating func items(until end: Character, depth: Int) throws(SyntaxError) -> [PythonLiteral] {
            var items: [PythonLiteral] = []
            while !take(end) {
                items.append(try value(depth: depth + 1))
                if take(",") { continue }
                guard take(end) else { throw expected("',' or '\(end)'") }
                break
            }
            return items
        }

        mutating func dictionary(depth: Int) throws(SyntaxError) -> PythonLiteral {
            var entries: [Entry] = []
            while !take("}") {
                let key = try value(depth: depth + 1)
                guard take(":") else { throw expected("':'") }
                entries.append(Entry(key: key, value: try value(depth: depth + 1)))
                if take(",") { continue }
                guard take("}") else { throw expected("',' or '}'") }
                break
            }
            return .dictionary(entries)
        }

        /// A quoted string; a NUL, a broken escape and an unclosed quote are errors.
        mutating func text() throws(SyntaxError) -> String {
            let quote = bytes[at]
            at += 1
            var content: [UInt8] = []
            while at < bytes.count, bytes[at] != quote {
                guard bytes[at] == UInt8(ascii: "\\") else {
                    content.append(bytes[at])
                    at += 1
                    continue
                }
                at += 1
                guard at < bytes.count else { break }
                let escape = bytes[at]
                at += 1
                switch escape {
                case UInt8(ascii: "n"): content.append(0x0A)
                case UInt8(ascii: "r"): content.append(0x0D)
                case UInt8(ascii: "t"): content.append(0x09)
                case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): content.append(escape)
                case UInt8(ascii: "x"): content += try scalar(digits: 2)
                case UInt8(ascii: "u"): content += try scalar(digits: 4)
                case UInt8(ascii: "U"): content += try scalar(digits: 8)
                default: content += [UInt8(ascii: "\\"), escape]
                }
            }
            guard at < bytes.count else { throw expected("a closing quote") }
            at += 1
            return String(decoding: content, as: UTF8.self)
        }

        mutating func scalar(digits: Int) throws(SyntaxError) -> [UInt8] {
            guard at + digits <= bytes.count,
                let code = UInt32(String(decoding: bytes[at..<(at + digits)], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(code)
            else { throw expected("\(digits) hexadecimal digits") }
            at += digits
            return Array(String(Character(scalar)).utf8)
        }

        /// A number, True, False or None.
        mutating func word() throws(SyntaxError) -> PythonLiteral {
            let start = at
            while at < bytes.count, isWordByte(bytes[at]) { at += 1 }
            let word = String(decoding: bytes[start..<at], as: UTF8.self)
            switch word {
            case "True": return .bool(true)
            case "False": return .bool(false)
            case "None": return .none
            default: break
            }
            if let value = Int(word) { return .integer(value) }
            if let value = Double(word), value.isFinite { return .real(value) }
            at = start
            throw expected("a value")
        }

        func isWordByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }
}
