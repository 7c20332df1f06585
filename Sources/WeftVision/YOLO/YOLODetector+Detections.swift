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
        var candidates: [Candidate] = []
        var boxes: [Box] = []
        for candidate in head.candidates(options) {
            let (a, b, c, d) = head.box(candidate.anchor)
            let box =
                head.layout.endToEnd
                ? Box(x1: a, y1: b, x2: c, y2: d) : Box(centreX: a, centreY: b, width: c, height: d)
            guard box.isFinite else { continue }
            candidates.append(candidate)
            boxes.append(box)
        }
        let kept =
            head.layout.endToEnd
            ? Array(boxes.indices.prefix(options.maximum))
            : Suppression.greedy(
                boxes, classes: candidates.map(\.classIndex), overlap: options.overlap,
                agnostic: options.classAgnostic, maximum: options.maximum)
        return kept.map { (candidates[$0].anchor, detection(candidates[$0], box: letterbox.pictureBox(boxes[$0]))) }
    }

    private func oriented(_ head: Head, letterbox: Letterbox, options: DetectionOptions) -> [Detection] {
        var candidates: [Candidate] = []
        var boxes: [OrientedBox] = []
        for candidate in head.candidates(options) {
            let (x, y, width, height) = head.box(candidate.anchor)
            let box = OrientedBox(
                centreX: x, centreY: y, width: width, height: height, angle: head.extra(candidate.anchor)[0])
            guard box.isFinite else { continue }
            candidates.append(candidate)
            boxes.append(box)
        }
        let kept =
            head.layout.endToEnd
            ? Array(boxes.indices.prefix(options.maximum))
            : Suppression.oriented(
                boxes, classes: candidates.map(\.classIndex), overlap: options.overlap,
                agnostic: options.classAgnostic, maximum: options.maximum)
        return kept.compactMap { index in
            let box = letterbox.pictureBox(boxes[index])
            guard box.isFinite, box.hull.isFinite else { return nil }
            var found = detection(candidates[index], box: box.hull)
            found.oriented = box
            return found
        }
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
