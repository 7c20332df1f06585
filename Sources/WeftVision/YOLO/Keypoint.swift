/// A named spot of an object, in picture pixels.
public struct Keypoint: Sendable, Equatable {
    public var x: Float
    public var y: Float
    /// How surely it is to be seen, 0 to 1; 1 where the model does not say.
    public var visibility: Float

    public init(x: Float, y: Float, visibility: Float) {
        self.x = x
        self.y = y
        self.visibility = visibility
    }
}

extension Keypoint: Encodable {
    /// As the list x, y, visibility.
    public func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        for number in [x, y, visibility] { try list.encode(number) }
    }
}
