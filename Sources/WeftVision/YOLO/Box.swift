/// An upright box: left, top, right and bottom edge, in pixels from the top left.
public struct Box: Sendable, Equatable {
    public var x1: Float
    public var y1: Float
    public var x2: Float
    public var y2: Float

    public init(x1: Float, y1: Float, x2: Float, y2: Float) {
        self.x1 = x1
        self.y1 = y1
        self.x2 = x2
        self.y2 = y2
    }

    /// A box from its centre and sizes, as YOLO heads give it.
    public init(centreX: Float, centreY: Float, width: Float, height: Float) {
        self.init(
            x1: centreX - width / 2, y1: centreY - height / 2, x2: centreX + width / 2, y2: centreY + height / 2)
    }

    public var area: Float { (x2 - x1) * (y2 - y1) }

    /// Intersection over union; NaN for two boxes without area at one place.
    public func overlap(with other: Box) -> Float {
        let width = max(min(x2, other.x2) - max(x1, other.x1), 0)
        let height = max(min(y2, other.y2) - max(y1, other.y1), 0)
        let shared = width * height
        return shared / (area + other.area - shared)
    }

    func shifted(by distance: Float) -> Box {
        Box(x1: x1 + distance, y1: y1 + distance, x2: x2 + distance, y2: y2 + distance)
    }

    var isFinite: Bool { x1.isFinite && y1.isFinite && x2.isFinite && y2.isFinite }
}

extension Box: Encodable {
    /// As the list x1, y1, x2, y2.
    public func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        for edge in [x1, y1, x2, y2] { try list.encode(edge) }
    }
}
