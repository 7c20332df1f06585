/// Which pixels of a picture belong to an object, as run lengths.
public struct Mask: Sendable, Equatable, Encodable {
    /// Height, then width.
    public let size: [Int]
    /// Row-major runs that sum to height times width: first pixels outside (maybe 0 of them), then inside, in turn.
    public let counts: [Int]

    /// Packs a row-major picture of yes and no; `height * width` values.
    package init(height: Int, width: Int, inside: [Bool]) {
        size = [height, width]
        var counts: [Int] = []
        var current = false
        var length = 0
        for pixel in inside {
            if pixel != current {
                counts.append(length)
                current = pixel
                length = 0
            }
            length += 1
        }
        counts.append(length)
        self.counts = counts
    }

    /// The number of pixels inside.
    public var area: Int {
        stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + counts[$1] }
    }
}
