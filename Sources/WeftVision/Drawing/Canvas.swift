/// Draws on a picture's pixels; whatever lies outside is cut off.
struct Canvas {
    private(set) var picture: Picture

    init(_ picture: Picture) { self.picture = picture }

    /// Lays a colour over one pixel: 1 covers it, 0 leaves it.
    mutating func blend(_ colour: Colour, x: Int, y: Int, opacity: Float) {
        guard x >= 0, x < picture.width, y >= 0, y < picture.height, opacity > 0 else { return }
        let at = (y * picture.width + x) * 3
        let cover = min(opacity, 1)
        picture.pixels[at] = Self.mix(picture.pixels[at], colour.red, cover)
        picture.pixels[at + 1] = Self.mix(picture.pixels[at + 1], colour.green, cover)
        picture.pixels[at + 2] = Self.mix(picture.pixels[at + 2], colour.blue, cover)
    }

    private static func mix(_ below: UInt8, _ above: UInt8, _ cover: Float) -> UInt8 {
        UInt8((Float(below) * (1 - cover) + Float(above) * cover).rounded())
    }

    mutating func fill(_ colour: Colour, x: Range<Int>, y: Range<Int>, opacity: Float = 1) {
        for row in y.clamped(to: 0..<picture.height) {
            for column in x.clamped(to: 0..<picture.width) { blend(colour, x: column, y: row, opacity: opacity) }
        }
    }

    /// An upright frame: the box's edge runs along the middle of the line.
    mutating func frame(_ box: Box, _ colour: Colour, thickness: Int) {
        let (left, right) = (pixel(box.x1) - thickness / 2, pixel(box.x2) + (thickness + 1) / 2)
        let (top, bottom) = (pixel(box.y1) - thickness / 2, pixel(box.y2) + (thickness + 1) / 2)
        guard left < right, top < bottom else { return }
        let inner = min(top + thickness, bottom)..<max(bottom - thickness, min(top + thickness, bottom))
        fill(colour, x: left..<right, y: top..<inner.lowerBound)
        fill(colour, x: left..<right, y: inner.upperBound..<bottom)
        fill(colour, x: left..<min(left + thickness, right), y: inner)
        fill(colour, x: max(right - thickness, left)..<right, y: inner)
    }

    /// A straight line with round ends and soft edges.
    mutating func line(from start: (x: Float, y: Float), to end: (x: Float, y: Float), _ colour: Colour, width: Float) {
        let reach = width / 2 + 1
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let length = dx * dx + dy * dy
        guard length.isFinite else { return }
        let (left, top) = (pixel(min(start.x, end.x) - reach), pixel(min(start.y, end.y) - reach))
        let columns = left..<max(pixel(max(start.x, end.x) + reach) + 1, left)
        let rows = top..<max(pixel(max(start.y, end.y) + reach) + 1, top)
        for row in rows.clamped(to: 0..<picture.height) {
            for column in columns.clamped(to: 0..<picture.width) {
                let (px, py) = (Float(column) + 0.5 - start.x, Float(row) + 0.5 - start.y)
                let along = length > 0 ? min(max((px * dx + py * dy) / length, 0), 1) : 0
                let (ox, oy) = (px - along * dx, py - along * dy)
                let distance = (ox * ox + oy * oy).squareRoot()
                blend(colour, x: column, y: row, opacity: width / 2 + 0.5 - distance)
            }
        }
    }

    /// A filled circle with a soft edge.
    mutating func dot(x: Float, y: Float, _ colour: Colour, radius: Float) {
        line(from: (x, y), to: (x, y), colour, width: radius * 2)
    }

    /// The pixels of a mask, tinted.
    mutating func tint(_ mask: Mask, _ colour: Colour, opacity: Float) {
        guard mask.size == [picture.height, picture.width] else { return }
        var at = 0
        for (index, count) in mask.counts.enumerated() {
            if index % 2 == 1 {
                for pixel in at..<(at + count) {
                    blend(colour, x: pixel % picture.width, y: pixel / picture.width, opacity: opacity)
                }
            }
            at += count
        }
    }

    /// Text with its top left corner at x, y, `scale` times the font's own size.
    mutating func text(_ text: String, x: Int, y: Int, _ colour: Colour, scale: Float, font: BitmapFont) {
        let (cellWidth, cellHeight) = (font.width(scale), font.height(scale))
        for (place, code) in font.codes(text).enumerated() {
            for row in 0..<cellHeight {
                for column in 0..<cellWidth {
                    let cover = font.cover(code, column: column, row: row, scale: scale)
                    blend(colour, x: x + place * cellWidth + column, y: y + row, opacity: cover)
                }
            }
        }
    }

    /// The nearest pixel edge, for coordinates however far outside.
    func pixel(_ position: Float) -> Int {
        let limit = Float(1 << 20)
        return position.isNaN ? 0 : Int(min(max(position, -limit), limit).rounded())
    }
}
