/// Non-maximum suppression: of candidates that show the same thing, the best.
package enum Suppression {
    /// Far enough to keep boxes of neighbouring classes apart.
    private static let classDistance: Float = 7680

    /// Goes through boxes best first and keeps each that overlaps no kept one by more than `overlap`.
    ///
    /// Boxes of different classes never do, unless `agnostic`; they are moved apart by their class in 32-bit floats, which
    /// coarsens high classes by up to 1/16 pixel as the reference does. Returns at most `maximum` indices, ascending.
    package static func greedy(
        _ boxes: [Box], classes: [Int], overlap: Float, agnostic: Bool, maximum: Int
    ) -> [Int] {
        var kept: [Int] = []
        var keptBoxes: [Box] = []
        for (index, box) in boxes.enumerated() where kept.count < maximum {
            let moved = agnostic ? box : box.shifted(by: Float(classes[index]) * classDistance)
            if keptBoxes.contains(where: { moved.overlap(with: $0) > overlap }) { continue }
            kept.append(index)
            keptBoxes.append(moved)
        }
        return kept
    }

    /// Drops each oriented box that is too similar to any better one, whether that one was dropped or not.
    package static func oriented(
        _ boxes: [OrientedBox], classes: [Int], overlap: Float, agnostic: Bool, maximum: Int
    ) -> [Int] {
        let moved = zip(boxes, classes).map { box, classIndex in
            var box = box
            if !agnostic {
                box.centreX += Float(classIndex) * classDistance
                box.centreY += Float(classIndex) * classDistance
            }
            return box
        }
        var kept: [Int] = []
        for index in moved.indices where kept.count < maximum {
            let isRepeated = moved[..<index].contains { moved[index].similarity(to: $0) > overlap }
            if !isRepeated { kept.append(index) }
        }
        return kept
    }
}
