/// A picture in memory: 8-bit red, green and blue, row by row from the top left.
public struct Picture: Sendable, Equatable {
    /// The most pixels a picture may have.
    public static let maximumPixels = 1 << 28

    public let width: Int
    public let height: Int
    /// `height * width * 3` bytes, rows from the top, pixels from the left, red first.
    public internal(set) var pixels: [UInt8]

    /// Wraps bytes laid out as `pixels`; throws `.badSize` where their number is not `width * height * 3`.
    public init(width: Int, height: Int, pixels: [UInt8]) throws(VisionError) {
        try Self.checkSize(width: width, height: height)
        guard pixels.count == width * height * 3 else {
            throw VisionError(
                .badSize, "a picture of \(width) x \(height) needs \(width * height * 3) bytes, \(pixels.count) given",
                remedy: "pass three bytes a pixel, without padding")
        }
        self.init(unchecked: pixels, width: width, height: height)
    }

    /// A picture of one colour.
    public init(width: Int, height: Int, filledWith colour: Colour) throws(VisionError) {
        try Self.checkSize(width: width, height: height)
        var pixels = [UInt8](repeating: colour.red, count: width * height * 3)
        if colour.green != colour.red || colour.blue != colour.red {
            for at in stride(from: 0, to: pixels.count, by: 3) {
                pixels[at + 1] = colour.green
                pixels[at + 2] = colour.blue
            }
        }
        self.init(unchecked: pixels, width: width, height: height)
    }

    /// Takes bytes whose number the caller has checked.
    init(unchecked pixels: [UInt8], width: Int, height: Int) {
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The colour at a pixel, or nil outside the picture.
    public func colour(x: Int, y: Int) -> Colour? {
        guard x >= 0, x < width, y >= 0, y < height else { return nil }
        let at = (y * width + x) * 3
        return Colour(red: pixels[at], green: pixels[at + 1], blue: pixels[at + 2])
    }

    static func checkSize(width: Int, height: Int) throws(VisionError) {
        guard width > 0, height > 0 else {
            throw VisionError(
                .badSize, "the picture is \(width) x \(height): it has no pixels",
                remedy: "use a picture of at least one pixel")
        }
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, count <= maximumPixels else {
            throw VisionError(
                .badSize, "the picture is \(width) x \(height), over the limit of \(maximumPixels) pixels",
                remedy: "scale it down first")
        }
    }
}
