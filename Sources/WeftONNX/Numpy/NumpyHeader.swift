import WeftProvider

/// The header of a `.npy` file: a Python dictionary of three known keys.
struct NumpyHeader {
    private(set) var descriptor = ""
    private(set) var isFortranOrder = false
    private(set) var shape: [Int] = []

    private static let notDictionary = "the .npy file's header is not the dictionary that numpy writes"

    /// Parses the dictionary. Throws `.invalidInput` for anything but the three keys and values of their kinds.
    init(_ bytes: UnsafeRawBufferPointer) throws(WeftError) {
        var text = Literal(bytes)
        var keys: Set<String> = []
        try text.take("{")
        while !text.accept("}") {
            let key = try text.string()
            try text.take(":")
            switch key {
            case "descr":
                if text.peek == UInt8(ascii: "[") {
                    throw WeftError(
                        .invalidInput, "the .npy file holds records; arrays of one element type are supported")
                }
                descriptor = try text.string()
            case "fortran_order": isFortranOrder = try text.bool()
            case "shape": shape = try text.sizes()
            default: throw Literal.malformed
            }
            keys.insert(key)
            if !text.accept(",") {
                try text.take("}")
                break
            }
        }
        guard keys.count == 3 else { throw Literal.malformed }
    }

    /// A cursor over Python literals.
    private struct Literal {
        static let malformed = WeftError(.invalidInput, NumpyHeader.notDictionary)

        private let bytes: UnsafeRawBufferPointer
        private var position = 0

        init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        var peek: UInt8? {
            mutating get {
                while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
                return position < bytes.count ? bytes[position] : nil
            }
        }

        mutating func accept(_ character: Unicode.Scalar) -> Bool {
            guard peek == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        mutating func take(_ character: Unicode.Scalar) throws(WeftError) {
            guard accept(character) else { throw Literal.malformed }
        }

        mutating func string() throws(WeftError) -> String {
            guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
                throw Literal.malformed
            }
            position += 1
            let start = position
            while position < bytes.count, bytes[position] != quote { position += 1 }
            guard position < bytes.count else { throw Literal.malformed }
            defer { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }

        mutating func bool() throws(WeftError) -> Bool {
            for (word, value) in [("True", true), ("False", false)] {
                _ = peek
                if bytes[position...].starts(with: word.utf8) {
                    position += word.utf8.count
                    return value
                }
            }
            throw Literal.malformed
        }

        /// A tuple of sizes; Python 2 wrote an `L` after each.
        mutating func sizes() throws(WeftError) -> [Int] {
            var sizes: [Int] = []
            try take("(")
            while !accept(")") {
                let start = position
                var size = 0
                while let digit = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
                    let (tens, overflow) = size.multipliedReportingOverflow(by: 10)
                    let (sum, carry) = tens.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
                    guard !overflow, !carry else { throw Literal.malformed }
                    size = sum
                    position += 1
                }
                guard position > start else { throw Literal.malformed }
                _ = accept("L")
                sizes.append(size)
                if !accept(",") {
                    try take(")")
                    break
                }
            }
            return sizes
        }
    }
}
