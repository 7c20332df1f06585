/// What a YOLO model was trained to do.
public enum YOLOTask: String, Sendable, CaseIterable, Encodable {
    case detect, segment, pose, obb, classify
}
