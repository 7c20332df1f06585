/// One object that a model found, in the picture's own pixels.
public struct Detection: Sendable, Equatable {
    public var classIndex: Int
    public var name: String
    public var score: Float
    /// Its upright box; for an oriented one the smallest that holds the corners, which may reach out of the picture.
    public var box: Box
    /// The pixels that belong to it, for segmentation.
    public var mask: Mask?
    /// Its keypoints in the model's order, for pose.
    public var keypoints: [Keypoint]?
    /// The oriented box itself, for models that give one.
    public var oriented: OrientedBox?

    public init(classIndex: Int, name: String, score: Float, box: Box) {
        self.classIndex = classIndex
        self.name = name
        self.score = score
        self.box = box
    }
}

extension Detection: Encodable {
    private enum Key: String, CodingKey {
        case classIndex = "class"
        case name, score, box, mask, keypoints, corners, angle
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(classIndex, forKey: .classIndex)
        try fields.encode(name, forKey: .name)
        try fields.encode(score, forKey: .score)
        try fields.encode(box, forKey: .box)
        try fields.encodeIfPresent(mask, forKey: .mask)
        try fields.encodeIfPresent(keypoints, forKey: .keypoints)
        try fields.encodeIfPresent(oriented?.corners, forKey: .corners)
        try fields.encodeIfPresent(oriented?.angle, forKey: .angle)
    }
}
