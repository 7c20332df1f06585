/// Turns mask coefficients into pixels: a weighted sum of prototypes, brought to the picture's size, above zero.
struct MaskMaker {
    private let prototypes: NetworkOutput
    private let letterbox: Letterbox
    /// How much the prototypes are enlarged so that the grey border around them is whole pixels: 1, 2 or 4.
    private let enlargement: Int
    private let content: Letterbox.Fit

    private var channels: Int { prototypes.shape[1] }
    private var height: Int { prototypes.shape[2] }
    private var width: Int { prototypes.shape[3] }

    /// Takes prototypes of shape `[1, channels, height, width]`, a quarter of the network input's size.
    init(_ prototypes: NetworkOutput, _ letterbox: Letterbox) throws(VisionError) {
        self.prototypes = prototypes
        self.letterbox = letterbox
        let (height, width) = (prototypes.shape[2], prototypes.shape[3])
        guard height <= 1 << 14, width <= 1 << 14 else {
            throw YOLOMetadata.notYOLO("the mask prototypes of \(width) x \(height) are larger than any that are known")
        }
        let (pictureWidth, pictureHeight) = (letterbox.pictureWidth, letterbox.pictureHeight)
        let full = try Letterbox.Fit(pictureWidth, pictureHeight, 4 * width, 4 * height)
        let padding = (4 * height - full.height) | (4 * width - full.width)
        enlargement = 4 / Self.greatestCommonDivisor(4, padding | padding >> 1)
        content = try Letterbox.Fit(pictureWidth, pictureHeight, enlargement * width, enlargement * height)
    }

    /// The mask of an object within its box, at the picture's size; nil where it has no pixel.
    func mask(coefficients: [Float], box: Box) -> Mask? {
        var plane = Plane(width: width, height: height, values: weightedSum(coefficients))
        if enlargement > 1 {
            plane = plane.resized(
                width: width * enlargement, height: height * enlargement, columns: 0..<(width * enlargement),
                rows: 0..<(height * enlargement))
        }
        plane = plane.cut(x: content.left, y: content.top, width: content.width, height: content.height)
        let columns = Self.pixels(from: box.x1, to: box.x2, limit: letterbox.pictureWidth)
        let rows = Self.pixels(from: box.y1, to: box.y2, limit: letterbox.pictureHeight)
        guard !columns.isEmpty, !rows.isEmpty else { return nil }
        let part = plane.resized(
            width: letterbox.pictureWidth, height: letterbox.pictureHeight, columns: columns, rows: rows)
        guard part.values.contains(where: { $0 > 0 }) else { return nil }
        var inside = [Bool](repeating: false, count: letterbox.pictureWidth * letterbox.pictureHeight)
        for (line, row) in rows.enumerated() {
            for (place, column) in columns.enumerated() {
                inside[row * letterbox.pictureWidth + column] = part.values[line * columns.count + place] > 0
            }
        }
        return Mask(height: letterbox.pictureHeight, width: letterbox.pictureWidth, inside: inside)
    }

    private func weightedSum(_ coefficients: [Float]) -> [Float] {
        let count = height * width
        var sum = [Float](repeating: 0, count: count)
        prototypes.values.withUnsafeBufferPointer { values in
            sum.withUnsafeMutableBufferPointer { sum in
                for (channel, coefficient) in coefficients.prefix(channels).enumerated() {
                    for at in 0..<count { sum[at] += coefficient * values[channel * count + at] }
                }
            }
        }
        return sum
    }

    /// Whole pixels at or after `start` and before `end`, both within 0 and `limit`.
    private static func pixels(from start: Float, to end: Float, limit: Int) -> Range<Int> {
        let first = min(max(Int(start.rounded(.up)), 0), limit)
        return first..<max(min(Int(end.rounded(.up)), limit), first)
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
}
