/// Where a picture lies in a network's input, scaled to fit with its proportions and centred on grey.
///
/// The forward half places pixels; the backward half maps the network's coordinates to the picture. The two differ by a
/// pixel in rare rectangular cases, because the way back knows only the input's size.
public struct Letterbox: Sendable, Equatable {
    public let pictureWidth: Int
    public let pictureHeight: Int
    /// The network input's size.
    public let width: Int
    public let height: Int
    /// The scaled picture's size inside the input.
    public let contentWidth: Int
    public let contentHeight: Int
    /// Grey columns before and grey rows above the content; what is left over is behind and below it.
    public let left: Int
    public let top: Int
    let backward: Fit

    /// Fills an input of a given size, with grey on two sides where the proportions differ.
    public init(pictureWidth: Int, pictureHeight: Int, width: Int, height: Int) throws(VisionError) {
        let fit = try Fit(pictureWidth, pictureHeight, width, height)
        self.init(pictureWidth, pictureHeight, width, height, forward: fit, backward: fit)
    }

    /// The smallest input that holds the picture scaled to `width` x `height`, in whole multiples of the stride.
    ///
    /// For models with dynamic height and width. Both sizes should be multiples of `stride` themselves.
    public init(
        rectangularFor pictureWidth: Int, _ pictureHeight: Int, width: Int, height: Int, stride: Int
    ) throws(VisionError) {
        guard stride > 0 else {
            throw VisionError(
                .badOption, "a stride of \(stride) is none", remedy: "use the stride of the model, often 32")
        }
        let full = try Fit(pictureWidth, pictureHeight, width, height)
        let padX = (width - full.width) % stride
        let padY = (height - full.height) % stride
        let forward = Fit(contentWidth: full.width, contentHeight: full.height, padX: padX, padY: padY)
        let backward = try Fit(pictureWidth, pictureHeight, full.width + padX, full.height + padY)
        self.init(
            pictureWidth, pictureHeight, full.width + padX, full.height + padY, forward: forward, backward: backward)
    }

    private init(
        _ pictureWidth: Int, _ pictureHeight: Int, _ width: Int, _ height: Int, forward: Fit, backward: Fit
    ) {
        self.pictureWidth = pictureWidth
        self.pictureHeight = pictureHeight
        self.width = width
        self.height = height
        contentWidth = forward.width
        contentHeight = forward.height
        left = forward.left
        top = forward.top
        self.backward = backward
    }

    /// The picture scaled and laid on grey, `width` x `height`; it must have the size that the letterbox was made for.
    public func applied(to picture: Picture) throws(VisionError) -> Picture {
        guard picture.width == pictureWidth, picture.height == pictureHeight else {
            throw VisionError(
                .badSize,
                "a letterbox for \(pictureWidth) x \(pictureHeight) was given a picture of "
                    + "\(picture.width) x \(picture.height)", remedy: "make a letterbox for each picture size")
        }
        let content = try picture.resizedBilinear(width: contentWidth, height: contentHeight)
        guard contentWidth != width || contentHeight != height else { return content }
        var boxed = try Picture(width: width, height: height, filledWith: .letterboxGrey)
        for y in 0..<contentHeight {
            let from = y * contentWidth * 3
            let to = ((y + top) * width + left) * 3
            boxed.pixels.replaceSubrange(
                to..<(to + contentWidth * 3), with: content.pixels[from..<(from + contentWidth * 3)])
        }
        return boxed
    }

    private var gainX: Float { Float(Double(backward.width) / Double(pictureWidth)) }
    private var gainY: Float { Float(Double(backward.height) / Double(pictureHeight)) }

    /// A column of the network's input as one of the picture, which it may lie outside of.
    func pictureX(_ x: Float) -> Float {
        (x - Float(backward.left)) / gainX
    }

    /// A row of the network's input as one of the picture, which it may lie outside of.
    func pictureY(_ y: Float) -> Float {
        (y - Float(backward.top)) / gainY
    }

    /// A box in the network's input as one in the picture, its edges kept within the picture's.
    package func pictureBox(_ box: Box) -> Box {
        Box(
            x1: clampX(pictureX(box.x1)), y1: clampY(pictureY(box.y1)), x2: clampX(pictureX(box.x2)),
            y2: clampY(pictureY(box.y2)))
    }

    /// An oriented box in the network's input as one in the picture: its angle stays, its edges may lie outside.
    package func pictureBox(_ box: OrientedBox) -> OrientedBox {
        OrientedBox(
            centreX: pictureX(box.centreX), centreY: pictureY(box.centreY), width: box.width / gainX,
            height: box.height / gainY, angle: box.angle)
    }

    func clampX(_ x: Float) -> Float { x.isNaN ? 0 : min(max(x, 0), Float(pictureWidth)) }
    func clampY(_ y: Float) -> Float { y.isNaN ? 0 : min(max(y, 0), Float(pictureHeight)) }
}

extension Letterbox {
    /// A picture's scaled size and place within some rectangle.
    struct Fit: Sendable, Equatable {
        let width: Int
        let height: Int
        let left: Int
        let top: Int

        init(contentWidth: Int, contentHeight: Int, padX: Int, padY: Int) {
            width = contentWidth
            height = contentHeight
            left = Self.leading(padX)
            top = Self.leading(padY)
        }

        init(_ pictureWidth: Int, _ pictureHeight: Int, _ width: Int, _ height: Int) throws(VisionError) {
            try Picture.checkSize(width: pictureWidth, height: pictureHeight)
            try Picture.checkSize(width: width, height: height)
            let gain = min(Double(height) / Double(pictureHeight), Double(width) / Double(pictureWidth))
            let contentWidth = max(Int((Double(pictureWidth) * gain).rounded(.toNearestOrEven)), 1)
            let contentHeight = max(Int((Double(pictureHeight) * gain).rounded(.toNearestOrEven)), 1)
            self.init(
                contentWidth: contentWidth, contentHeight: contentHeight, padX: width - contentWidth,
                padY: height - contentHeight)
        }

        /// The part of the padding that comes first; an odd pixel goes behind.
        static func leading(_ padding: Int) -> Int {
            Int((Double(padding) / 2 - 0.1).rounded(.toNearestOrEven))
        }
    }
}
