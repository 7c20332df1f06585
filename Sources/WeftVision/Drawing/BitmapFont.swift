#if Pictures
    internal import CPictures
#endif

/// A font of fixed cells, smoothed when it is enlarged.
struct BitmapFont {
    private let cellWidth: Int
    private let cellHeight: Int
    private let firstCode: Int
    /// One byte a pixel, cell after cell, each row by row.
    private let bits: [Bool]

    init(cellWidth: Int, cellHeight: Int, firstCode: Int, bits: [Bool]) {
        self.cellWidth = cellWidth
        self.cellHeight = cellHeight
        self.firstCode = firstCode
        self.bits = bits
    }

    /// The picture library's bold font; nil in builds without the library.
    static let builtIn: BitmapFont? = {
        #if Pictures
            guard let font = gdFontGetGiant()?.pointee, let data = font.data, font.nchars > 0, font.w > 0, font.h > 0
            else { return nil }
            let count = Int(font.nchars) * Int(font.w) * Int(font.h)
            return BitmapFont(
                cellWidth: Int(font.w), cellHeight: Int(font.h), firstCode: Int(font.offset),
                bits: (0..<count).map { data[$0] != 0 })
        #else
            return nil
        #endif
    }()

    func width(_ scale: Float) -> Int { max(Int((Float(cellWidth) * scale).rounded()), 1) }
    func height(_ scale: Float) -> Int { max(Int((Float(cellHeight) * scale).rounded()), 1) }

    /// The cells of a text's characters; what the font lacks is a question mark.
    func codes(_ text: String) -> [Int] {
        text.unicodeScalars.map { scalar in
            let code = Int(scalar.value)
            return 0x20..<0x7F ~= code ? code : Int(UInt8(ascii: "?"))
        }
    }

    /// How much of an enlarged cell's pixel the letter covers, 0 to 1.
    func cover(_ code: Int, column: Int, row: Int, scale: Float) -> Float {
        guard scale > 1 else { return bit(code, column, row) ? 1 : 0 }
        let x = (Float(column) + 0.5) / scale - 0.5
        let y = (Float(row) + 0.5) / scale - 0.5
        let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
        let (fx, fy) = (x - x.rounded(.down), y - y.rounded(.down))
        func value(_ column: Int, _ row: Int) -> Float { bit(code, column, row) ? 1 : 0 }
        let upper = value(left, top) * (1 - fx) + value(left + 1, top) * fx
        let lower = value(left, top + 1) * (1 - fx) + value(left + 1, top + 1) * fx
        let level = upper * (1 - fy) + lower * fy
        return min(max((level - 0.5) * scale + 0.5, 0), 1)
    }

    private func bit(_ code: Int, _ column: Int, _ row: Int) -> Bool {
        guard 0..<cellWidth ~= column, 0..<cellHeight ~= row, code >= firstCode else { return false }
        let at = ((code - firstCode) * cellHeight + row) * cellWidth + column
        return at < bits.count && bits[at]
    }
}
