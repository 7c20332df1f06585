/// A picture made ready for a network, and what is needed to make sense of the network's answer.
public struct YOLOInput: Sendable {
    /// The model input that the values are for.
    public let name: String
    /// `[1, 3, height, width]`.
    public let shape: [Int]
    /// Red, green and blue planes, 0 to 1.
    public let values: [Float]
    public let pictureWidth: Int
    public let pictureHeight: Int
    /// Where the picture lies in the input; nil for classification, which crops instead.
    public let letterbox: Letterbox?
    public let options: DetectionOptions

    init(name: String, boxed: Picture, of picture: Picture, letterbox: Letterbox?, options: DetectionOptions) {
        self.name = name
        shape = [1, 3, boxed.height, boxed.width]
        values = boxed.planes()
        pictureWidth = picture.width
        pictureHeight = picture.height
        self.letterbox = letterbox
        self.options = options
    }
}

extension Picture {
    /// The picture as planes of red, green and blue, each value over 255.
    public func planes() -> [Float] {
        let scaled = (0..<256).map { Float($0) / 255 }
        let count = width * height
        return [Float](unsafeUninitializedCapacity: 3 * count) { out, filled in
            pixels.withUnsafeBufferPointer { source in
                for channel in 0..<3 {
                    for at in 0..<count { out[channel * count + at] = scaled[Int(source[at * 3 + channel])] }
                }
            }
            filled = 3 * count
        }
    }
}
