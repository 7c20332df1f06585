extension Picture {
    /// The picture with what was found drawn on it: masks, boxes, keypoints, and labels of name and score.
    ///
    /// Each class has its colour; the best detections lie on top. The result is meant for this picture, or one of its size.
    public func drawing(_ result: YOLOResult) -> Picture {
        var canvas = Canvas(self)
        let pen = Pen(self)
        for detection in result.detections.reversed() {
            if let mask = detection.mask {
                canvas.tint(mask, Colour.forClass(detection.classIndex), opacity: 0.45)
            }
        }
        for detection in result.detections.reversed() {
            canvas.outline(detection, pen)
            canvas.keypoints(detection, pen)
        }
        for detection in result.detections.reversed() {
            let label = "\(detection.name) \(percent(detection.score))"
            canvas.label(label, Colour.forClass(detection.classIndex), pen, above: detection.box)
        }
        for (line, entry) in result.top.enumerated() {
            let top = pen.margin + line * (pen.labelHeight + pen.margin)
            canvas.label(
                "\(entry.name) \(percent(entry.score))", Colour.forClass(entry.classIndex), pen, x: pen.margin, y: top)
        }
        return canvas.picture
    }

    private func percent(_ score: Float) -> String {
        "\(Int((min(max(score.isNaN ? 0 : score, 0), 1) * 100).rounded()))%"
    }
}

/// Line and letter sizes that suit a picture.
private struct Pen {
    let thickness: Int
    let margin: Int
    let textScale: Float
    let font: BitmapFont?

    init(_ picture: Picture) {
        let side = Float(min(picture.width, picture.height))
        thickness = max(Int((side / 170).rounded()), 2)
        margin = thickness + 1
        textScale = max((side / 540 * 4).rounded() / 4, 1)
        font = BitmapFont.builtIn
    }

    var labelHeight: Int { (font?.height(textScale) ?? 0) + margin }

    func labelWidth(_ text: String) -> Int {
        (font?.width(textScale) ?? 0) * text.unicodeScalars.count + 2 * margin
    }
}

extension Canvas {
    fileprivate mutating func outline(_ detection: Detection, _ pen: Pen) {
        let colour = Colour.forClass(detection.classIndex)
        guard let corners = detection.oriented?.corners else {
            return frame(detection.box, colour, thickness: pen.thickness)
        }
        for (start, end) in zip(corners, corners[1...] + corners[..<1]) {
            line(from: (start[0], start[1]), to: (end[0], end[1]), colour, width: Float(pen.thickness))
        }
    }

    fileprivate mutating func keypoints(_ detection: Detection, _ pen: Pen) {
        guard let points = detection.keypoints else { return }
        let colour = Colour.forClass(detection.classIndex)
        let seen = points.map { $0.visibility >= Skeleton.leastVisibility }
        if points.count == Skeleton.personKeypoints {
            for (start, end) in Skeleton.limbs where seen[start] && seen[end] {
                line(
                    from: (points[start].x, points[start].y), to: (points[end].x, points[end].y), colour,
                    width: Float(pen.thickness))
            }
        }
        for (index, point) in points.enumerated() where seen[index] {
            dot(x: point.x, y: point.y, colour.readableInk, radius: Float(pen.thickness) * 1.5)
            dot(x: point.x, y: point.y, Colour.forClass(index), radius: Float(pen.thickness))
        }
    }

    /// Puts a label on the box's upper edge, inside it where there is no room above, and never outside the picture.
    fileprivate mutating func label(_ text: String, _ colour: Colour, _ pen: Pen, above box: Box) {
        let edge = min(max(pixel(box.x1), 0), picture.width)
        let top = min(max(pixel(box.y1), 0), picture.height)
        let left = min(edge - pen.thickness / 2, picture.width - pen.labelWidth(text))
        let above = top - pen.thickness / 2 - pen.labelHeight
        label(text, colour, pen, x: max(left, 0), y: above >= 0 ? above : top + (pen.thickness + 1) / 2)
    }

    fileprivate mutating func label(_ text: String, _ colour: Colour, _ pen: Pen, x: Int, y: Int) {
        guard let font = pen.font else { return }
        fill(colour, x: x..<(x + pen.labelWidth(text)), y: y..<(y + pen.labelHeight))
        self.text(
            text, x: x + pen.margin, y: y + pen.margin / 2, colour.readableInk, scale: pen.textScale, font: font)
    }
}
