extension YOLODetector {
    /// Candidates, suppression and the way back to the picture's pixels, for every task that finds objects.
    func detections(
        from outputs: [NetworkOutput], letterbox: Letterbox, options: DetectionOptions
    ) throws(VisionError) -> [Detection] {
        let maskChannels = metadata.task == .segment ? try Self.maskChannels(port(outputs[1], 1)) : nil
        let layout = try HeadLayout(metadata, maskChannels: maskChannels, port: port(outputs[0], 0))
        let head = Head(layout: layout, output: outputs[0])
        if metadata.task == .obb { return oriented(head, letterbox: letterbox, options: options) }
        let maker = metadata.task == .segment ? try MaskMaker(outputs[1], letterbox) : nil
        return upright(head, letterbox: letterbox, options: options).compactMap { anchor, detection in
            var detection = detection
            if let maker {
                guard let mask = maker.mask(coefficients: head.extra(anchor), box: detection.box) else { return nil }
                detection.mask = mask
            } else if let shape = metadata.keypointShape, metadata.task == .pose {
                detection.keypoints = keypoints(head.extra(anchor), shape, letterbox)
            }
            return detection
        }
    }

    /// Upright boxes, each with its anchor. Boxes whose edges are no numbers are left out.
    private func upright(
        _ head: Head, letterbox: Letterbox, options: DetectionOptions
    ) -> [(anchor: Int, detection: Detection)] {
        let kept = kept(head, options) { candidate in
            let (a, b, c, d) = head.box(candidate.anchor)
            let box =
                head.layout.endToEnd
                ? Box(x1: a, y1: b, x2: c, y2: d) : Box(centreX: a, centreY: b, width: c, height: d)
            return box.isFinite ? box : nil
        } suppress: { boxes, classes in
            Suppression.greedy(
                boxes, classes: classes, overlap: options.overlap, agnostic: options.classAgnostic,
                maximum: options.maximum)
        }
        return kept.map { ($0.anchor, detection($0, box: letterbox.pictureBox($1))) }
    }

    private func oriented(_ head: Head, letterbox: Letterbox, options: DetectionOptions) -> [Detection] {
        let kept = kept(head, options) { candidate in
            let (x, y, width, height) = head.box(candidate.anchor)
            let box = OrientedBox(
                centreX: x, centreY: y, width: width, height: height, angle: head.extra(candidate.anchor)[0])
            return box.isFinite ? box : nil
        } suppress: { boxes, classes in
            Suppression.oriented(
                boxes, classes: classes, overlap: options.overlap, agnostic: options.classAgnostic,
                maximum: options.maximum)
        }
        return kept.compactMap { candidate, found in
            let box = letterbox.pictureBox(found)
            guard box.isFinite, box.hull.isFinite else { return nil }
            var found = detection(candidate, box: box.hull)
            found.oriented = box
            return found
        }
    }

    /// Candidates with their boxes that overlap no better one; `box` is nil for a candidate that is left out.
    private func kept<B>(
        _ head: Head, _ options: DetectionOptions, box: (Candidate) -> B?,
        suppress: (_ boxes: [B], _ classes: [Int]) -> [Int]
    ) -> [(candidate: Candidate, box: B)] {
        let found = head.candidates(options).compactMap { candidate in
            box(candidate).map { (candidate: candidate, box: $0) }
        }
        guard !head.layout.endToEnd else { return Array(found.prefix(options.maximum)) }
        return suppress(found.map(\.box), found.map(\.candidate.classIndex)).map { found[$0] }
    }

    private func detection(_ candidate: Candidate, box: Box) -> Detection {
        Detection(
            classIndex: candidate.classIndex, name: metadata.name(of: candidate.classIndex), score: candidate.score,
            box: box)
    }

    private func keypoints(
        _ numbers: [Float], _ shape: YOLOMetadata.KeypointShape, _ letterbox: Letterbox
    ) -> [Keypoint] {
        (0..<shape.count).map { index in
            let at = index * shape.dimensions
            return Keypoint(
                x: letterbox.clampX(letterbox.pictureX(numbers[at])),
                y: letterbox.clampY(letterbox.pictureY(numbers[at + 1])),
                visibility: shape.dimensions == 3 ? min(max(numbers[at + 2], 0), 1) : 1)
        }
    }
}
