extension Picture {
    /// Scales the shorter side to fit, smoothly, and cuts the middle out: what YOLO classifiers are fed.
    ///
    /// An input that is not square is stretched to instead.
    package func croppedForClassification(width newWidth: Int, height newHeight: Int) throws(VisionError) -> Picture {
        guard newWidth == newHeight else { return try resizedSmoothly(width: newWidth, height: newHeight) }
        let size = newWidth
        let (long, short) = (max(width, height), min(width, height))
        let longer = try Self.scaled(size, long, short)
        let scaled = try resizedSmoothly(
            width: width <= height ? size : longer, height: width <= height ? longer : size)
        return scaled.cropped(
            x: Self.middle(scaled.width - size), y: Self.middle(scaled.height - size), width: size, height: size)
    }

    /// `size * long / short`, truncated; throws where the picture is so narrow that the result is over the limit.
    private static func scaled(_ size: Int, _ long: Int, _ short: Int) throws(VisionError) -> Int {
        let longer = size * long / short
        try checkSize(width: size, height: longer)
        return longer
    }

    private static func middle(_ rest: Int) -> Int { Int((Double(rest) / 2).rounded(.toNearestOrEven)) }

    /// A part of the picture, which must lie within.
    package func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Picture {
        guard newWidth != width || newHeight != height else { return self }
        var part: [UInt8] = []
        part.reserveCapacity(newWidth * newHeight * 3)
        for row in y..<(y + newHeight) {
            let start = (row * width + x) * 3
            part += pixels[start..<(start + newWidth * 3)]
        }
        return Picture(unchecked: part, width: newWidth, height: newHeight)
    }
}
