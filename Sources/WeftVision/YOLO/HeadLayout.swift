/// What the numbers of a YOLO head mean: box, class scores, then what the task adds.
///
///     [1, 4 + classes + extra, anchors]    a column an anchor: cx, cy, w, h, scores, extra
///     [1, rows, 6 + extra]                 end to end, a row a detection: box, score, class, extra
struct HeadLayout: Equatable {
    let classes: Int
    /// 0, the mask coefficients, the numbers of all keypoints, or 1 angle.
    let extra: Int
    let endToEnd: Bool

    /// Derives the layout from the metadata and checks it against a shape, known in part or whole.
    init(_ metadata: YOLOMetadata, maskChannels: Int?, port: ModelPort) throws(VisionError) {
        classes = metadata.names.count
        extra =
            switch metadata.task {
            case .detect, .classify: 0
            case .segment: maskChannels ?? 32
            case .pose: (metadata.keypointShape?.count ?? 0) * (metadata.keypointShape?.dimensions ?? 0)
            case .obb: 1
            }
        let shape = port.shape
        endToEnd = metadata.endToEnd || (metadata.task == .detect && shape.last == 6)
        let numbers = endToEnd ? 6 + extra : 4 + classes + extra
        let axis = endToEnd ? 2 : 1
        guard shape.count == 3, (shape[0] ?? 1) == 1, (shape[axis] ?? numbers) == numbers else {
            let wanted = endToEnd ? "1 x rows x \(numbers)" : "1 x \(numbers) x anchors"
            let parts =
                endToEnd
                ? "box, score, class" + (extra > 0 ? " and \(extra) more" : "")
                : "4 of the box, \(classes) classes" + (extra > 0 ? " and \(extra) more" : "")
            throw YOLOMetadata.notYOLO(
                "the model's output is '\(port.text)', but a YOLO \(metadata.task.rawValue) head with "
                    + "\(classes) class names is \(wanted) (\(parts))")
        }
    }
}
