import Testing
import WeftVision

@Suite struct SuppressionTests {
    private func greedy(
        _ boxes: [Box], classes: [Int]? = nil, overlap: Float = 0.5, agnostic: Bool = false, maximum: Int = 300
    ) -> [Int] {
        Suppression.greedy(
            boxes, classes: classes ?? boxes.map { _ in 0 }, overlap: overlap, agnostic: agnostic, maximum: maximum)
    }

    /// A box of 10 x 10 whose left edge is at `x`.
    private func square(_ x: Float) -> Box { Box(x1: x, y1: 0, x2: x + 10, y2: 10) }

    @Test func dropsWhatOverlapsABetterBoxByMoreThanTheLimit() {
        // Shifts of 5 overlap by a third, of 2 by two thirds.
        #expect(greedy([square(0), square(5), square(2)]) == [0, 1])
        #expect(greedy([square(0), square(5), square(2)], overlap: 0.3) == [0])
        #expect(greedy([square(0), square(5), square(2)], overlap: 0.7) == [0, 1, 2])
    }

    @Test func anOverlapOfExactlyTheLimitIsKept() {
        let half = Box(x1: 0, y1: 0, x2: 10, y2: 5)
        #expect(half.overlap(with: square(0)) == 0.5)
        #expect(greedy([square(0), half], overlap: 0.5) == [0, 1])
        #expect(greedy([square(0), half], overlap: Float(0.5).nextDown) == [0])
    }

    @Test func whatWasDroppedDropsNothing() {
        // The third overlaps the second, which the first suppressed.
        #expect(greedy([square(0), square(3), square(6)], overlap: 0.4) == [0, 2])
    }

    @Test func classesAreKeptApartUnlessAgnostic() {
        #expect(greedy([square(0), square(0), square(0)], classes: [1, 2, 1]) == [0, 1])
        #expect(greedy([square(0), square(0), square(0)], classes: [1, 2, 1], agnostic: true) == [0])
    }

    @Test func stopsAtTheMaximumAndTakesNothing() {
        #expect(greedy((0..<9).map { square(Float($0) * 20) }, maximum: 4) == [0, 1, 2, 3])
        #expect(greedy([]) == [])
    }

    @Test func boxesWithoutAreaDoNotSuppress() {
        let point = Box(x1: 3, y1: 3, x2: 3, y2: 3)
        #expect(greedy([point, point]) == [0, 1])
    }

    @Test func orientedBoxesAreAlikeByWhereTheyLieNotByHowTheyAreWritten() {
        let box = OrientedBox(centreX: 50, centreY: 40, width: 30, height: 10, angle: 0.4)
        let turned = OrientedBox(centreX: 50, centreY: 40, width: 10, height: 30, angle: 0.4 + .pi / 2)
        let away = OrientedBox(centreX: 90, centreY: 40, width: 30, height: 10, angle: 0.4)
        let crossed = OrientedBox(centreX: 50, centreY: 40, width: 30, height: 10, angle: 0.4 + .pi / 2)
        #expect(box.similarity(to: box) > 0.999)
        #expect(box.similarity(to: turned) > 0.999)
        #expect(box.similarity(to: away) < 0.05)
        #expect((0.3..<0.7).contains(box.similarity(to: crossed)))
        #expect(abs(box.similarity(to: away) - away.similarity(to: box)) < 1e-6)
    }

    @Test func orientedBoxesAreDroppedByDroppedOnesToo() {
        let boxes = [0, 3, 6].map {
            OrientedBox(centreX: Float($0), centreY: 0, width: 10, height: 10, angle: 0)
        }
        let near = boxes[0].similarity(to: boxes[1])
        let far = boxes[0].similarity(to: boxes[2])
        #expect(far < near)
        let limit = (near + far) / 2
        func kept(_ classes: [Int], agnostic: Bool = false) -> [Int] {
            Suppression.oriented(boxes, classes: classes, overlap: limit, agnostic: agnostic, maximum: 300)
        }
        #expect(kept([0, 0, 0]) == [0])
        #expect(kept([0, 1, 0]) == [0, 1, 2])
        #expect(kept([0, 1, 0], agnostic: true) == [0])
    }

    @Test func cornersGoRoundTheBox() {
        let box = OrientedBox(centreX: 10, centreY: 20, width: 8, height: 4, angle: 0)
        #expect(box.corners == [[14, 22], [14, 18], [6, 18], [6, 22]])
        #expect(box.hull == Box(x1: 6, y1: 18, x2: 14, y2: 22))
    }
}
