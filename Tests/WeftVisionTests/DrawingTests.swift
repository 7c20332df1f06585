import Testing
import WeftVision

@Suite struct DrawingTests {
    private let blank = Colour(red: 9, green: 9, blue: 9)

    private func drawn(_ detections: [Detection], width: Int = 120, height: Int = 90) throws -> Picture {
        try Picture(width: width, height: height, filledWith: blank).drawing(try result(detections, width, height))
    }

    /// A detector's result made of these detections alone.
    private func result(_ detections: [Detection], _ width: Int, _ height: Int) throws -> YOLOResult {
        YOLOResult(task: .detect, width: width, height: height, detections: detections, top: [])
    }

    @Test func aBoxIsFramedInTheColourOfItsClassAndNotFilled() throws {
        let box = Box(x1: 20, y1: 40, x2: 100, y2: 80)
        let picture = try drawn([Detection(classIndex: 3, name: "cat", score: 0.9, box: box)])
        let colour = Colour.forClass(3)
        for (x, y) in [(20, 60), (100, 60), (60, 80), (20, 80)] { #expect(picture.colour(x: x, y: y) == colour) }
        #expect(picture.colour(x: 60, y: 60) == blank)
        #expect(picture.colour(x: 10, y: 60) == blank)
    }

    @Test(.enabled(if: Picture.canUseFiles, "the letters come with the trait Pictures"))
    func aLabelStandsAboveTheBoxInReadableInk() throws {
        let box = Box(x1: 10, y1: 40, x2: 100, y2: 80)
        let picture = try drawn([Detection(classIndex: 0, name: "cat", score: 0.9, box: box)])
        let label = (20..<38).flatMap { y in (10..<70).map { x in picture.colour(x: x, y: y) } }
        #expect(label.contains(Colour.forClass(0)))
        #expect(label.contains(Colour.forClass(0).readableInk))
    }

    @Test(arguments: [
        Box(x1: -500, y1: -500, x2: 9000, y2: 9000), Box(x1: 119, y1: 89, x2: 120, y2: 90),
        Box(x1: 0, y1: 0, x2: 0, y2: 0), Box(x1: 90, y1: 70, x2: 10, y2: 20),
        Box(x1: .nan, y1: .infinity, x2: -.infinity, y2: 1e38),
    ])
    func boxesOutsideOrBrokenAreDrawnAsFarAsTheyGo(box: Box) throws {
        var detection = Detection(
            classIndex: -7, name: "a name longer than the whole picture is", score: .nan, box: box)
        detection.oriented = OrientedBox(
            centreX: box.x1, centreY: box.y1, width: box.x2, height: box.y2, angle: box.x1)
        detection.keypoints = [Keypoint(x: box.x1, y: box.y2, visibility: 1)]
        detection.mask = Mask(height: 1, width: 1, inside: [true])
        for size in [(120, 90), (1, 1), (3, 200)] {
            let picture = try drawn([detection], width: size.0, height: size.1)
            #expect(picture.width == size.0)
        }
    }

    @Test func aMaskTintsItsPixelsAlone() throws {
        var detection = Detection(classIndex: 1, name: "", score: 1, box: Box(x1: 0, y1: 0, x2: 1, y2: 1))
        detection.mask = Mask(height: 90, width: 120, inside: (0..<(90 * 120)).map { $0 / 120 >= 80 })
        let picture = try drawn([detection])
        #expect(picture.colour(x: 60, y: 79) == blank)
        #expect(picture.colour(x: 60, y: 80) != blank)
    }

    @Test func inkIsDarkOnLightColoursAndLightOnDarkOnes() {
        #expect(Colour(red: 255, green: 255, blue: 0).readableInk == Colour(red: 0, green: 0, blue: 0))
        #expect(Colour(red: 0, green: 0, blue: 120).readableInk == Colour(red: 255, green: 255, blue: 255))
    }
}
