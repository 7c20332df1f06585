import WeftProvider

/// Reads a tensor's typed field, chunk by chunk, and gathers its elements' bytes.
///
/// A chunk holds values back to back as the wire has them; the wire reader has seen each of its own length only.
struct NumberField {
    private let file: UnsafeRawBufferPointer
    private let label: String
    private var bytes: [UInt8] = []

    init(_ file: UnsafeRawBufferPointer, _ label: String) {
        self.file = file
        self.label = label
    }

    /// The bytes gathered, as memory of their own. `byteCount` is what the methods below were asked for.
    func storage(_ byteCount: Int) throws(WeftError) -> BufferView {
        guard bytes.count == byteCount else {
            throw WeftError(.internalInconsistency, "\(label) gave \(bytes.count) bytes for \(byteCount)")
        }
        let view = try BufferView.allocate(byteCount: byteCount)
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { view.host?.copyMemory(from: start, byteCount: source.count) }
        }
        return view
    }

    /// Takes fixed-width values as they are.
    mutating func copy(_ chunks: [Range<Int>], width: Int, count: Int) throws(WeftError) {
        let found = chunks.reduce(0) { $0 + $1.count }
        guard found % width == 0, found / width == count else { throw wrongCount(count, found / width) }
        bytes.reserveCapacity(found)
        for chunk in chunks { bytes.append(contentsOf: file[chunk]) }
    }

    /// Writes each varint as a word of `Word`'s width; bits above are dropped, as casting does.
    mutating func expand<Word: FixedWidthInteger & UnsignedInteger>(
        _ chunks: [Range<Int>], _: Word.Type, count: Int
    ) throws(WeftError) {
        try reserve(chunks, count, width: MemoryLayout<Word>.size)
        try forEachVarint(chunks) { bytes, value in
            withUnsafeBytes(of: Word(truncatingIfNeeded: value).littleEndian) { bytes.append(contentsOf: $0) }
        }
    }

    /// Writes each varint as 0 or 1.
    mutating func truths(_ chunks: [Range<Int>], count: Int) throws(WeftError) {
        try reserve(chunks, count, width: 1)
        try forEachVarint(chunks) { bytes, value in bytes.append(value == 0 ? 0 : 1) }
    }

    /// Packs the low six bits of each varint, four elements to three bytes.
    mutating func sixBits(_ chunks: [Range<Int>], count: Int) throws(WeftError) {
        try reserve(chunks, count, width: 1)
        var held: UInt32 = 0
        var bits: UInt32 = 0
        try forEachVarint(chunks) { bytes, value in
            held |= UInt32(truncatingIfNeeded: value & 0x3f) << bits
            bits += 6
            if bits >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: held))
                held >>= 8
                bits -= 8
            }
        }
        if bits > 0 { bytes.append(UInt8(truncatingIfNeeded: held)) }
    }

    /// Counts the numbers, each ending in a byte below 128, before memory is taken for them.
    private mutating func reserve(_ chunks: [Range<Int>], _ count: Int, width: Int) throws(WeftError) {
        let found = chunks.reduce(0) { $0 + file[$1].reduce(0) { $0 + ($1 < 0x80 ? 1 : 0) } }
        guard found == count else { throw wrongCount(count, found) }
        bytes.reserveCapacity(count * width)
    }

    private mutating func forEachVarint(
        _ chunks: [Range<Int>], _ body: (inout [UInt8], UInt64) -> Void
    ) throws(WeftError) {
        for chunk in chunks {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            for offset in chunk {
                let byte = file[offset]
                if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
                shift += 7
                if byte < 0x80 {
                    body(&bytes, value)
                    value = 0
                    shift = 0
                } else if shift >= 70 {
                    throw WeftError(.invalidModel, "\(label) has a number of more than 64 bits at byte \(offset)")
                }
            }
            guard shift == 0 else { throw WeftError(.invalidModel, "\(label) ends inside a number") }
        }
    }

    private func wrongCount(_ count: Int, _ found: Int) -> WeftError {
        WeftError(.invalidModel, "\(label) needs \(count) stored values, has \(found)")
    }
}
