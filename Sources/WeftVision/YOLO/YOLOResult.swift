/// What a YOLO model found in one picture.
public struct YOLOResult: Sendable, Equatable {
    public let task: YOLOTask
    /// The picture's size.
    public let width: Int
    public let height: Int
    /// Best first; empty for classification.
    public let detections: [Detection]
    /// The five likeliest classes, best first; empty for every task but classification.
    public let top: [Classification]

    public init(task: YOLOTask, width: Int, height: Int, detections: [Detection], top: [Classification]) {
        self.task = task
        self.width = width
        self.height = height
        self.detections = detections
        self.top = top
    }
}

extension YOLOResult: Encodable {
    private enum Key: String, CodingKey { case width, height, task, detections, top5 }

    /// Writes `width`, `height`, `task` and `detections`, or for classification `top5` in their place.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(width, forKey: .width)
        try fields.encode(height, forKey: .height)
        try fields.encode(task, forKey: .task)
        if task == .classify {
            try fields.encode(top, forKey: .top5)
        } else {
            try fields.encode(detections, forKey: .detections)
        }
    }
}
