import Testing
import WeftVision

@Suite struct LetterboxTests {
    @Test func squareCentresTheContentAndPutsAnOddPixelBehind() throws {
        let bus = try Letterbox(pictureWidth: 810, pictureHeight: 1080, width: 640, height: 640)
        #expect([bus.contentWidth, bus.contentHeight, bus.left, bus.top] == [480, 640, 80, 0])
        let odd = try Letterbox(pictureWidth: 3, pictureHeight: 2, width: 9, height: 7)
        #expect([odd.contentWidth, odd.contentHeight, odd.left, odd.top] == [9, 6, 0, 0])
        let line = try Letterbox(pictureWidth: 5000, pictureHeight: 1, width: 64, height: 64)
        #expect([line.contentWidth, line.contentHeight, line.left, line.top] == [64, 1, 0, 31])
    }

    @Test func rectangularIsTheSmallestMultipleOfTheStride() throws {
        let bus = try Letterbox(rectangularFor: 810, 1080, width: 640, height: 640, stride: 32)
        #expect([bus.width, bus.height, bus.left, bus.top] == [480, 640, 0, 0])
        let zidane = try Letterbox(rectangularFor: 1280, 720, width: 640, height: 640, stride: 32)
        #expect([zidane.width, zidane.height, zidane.left, zidane.top] == [640, 384, 0, 12])
        #expect(throws: VisionError.self) { try Letterbox(rectangularFor: 8, 8, width: 64, height: 64, stride: 0) }
    }

    @Test func appliedSurroundsTheContentWithGrey() throws {
        let picture = try Fixtures.pattern(width: 4, height: 2)
        let letterbox = try Letterbox(pictureWidth: 4, pictureHeight: 2, width: 4, height: 5)
        let boxed = try letterbox.applied(to: picture)
        #expect(letterbox.top == 1)
        #expect(Array(boxed.pixels[..<12]) == [UInt8](repeating: 114, count: 12))
        #expect(Array(boxed.pixels[12..<36]) == picture.pixels)
        #expect(Array(boxed.pixels[36...]) == [UInt8](repeating: 114, count: 24))
        #expect(throws: VisionError.self) { try letterbox.applied(to: try Fixtures.pattern(width: 5, height: 2)) }
    }

    @Test func boxesComeBackWithTheGainOfTheirAxisAndStayInThePicture() throws {
        // 100 x 33 in 64 x 64: the content is 64 x 21 (21.12 rounded), 21 rows of grey above it.
        let letterbox = try Letterbox(pictureWidth: 100, pictureHeight: 33, width: 64, height: 64)
        let box = letterbox.pictureBox(Box(x1: 0.64, y1: 28, x2: 32, y2: 42))
        for (found, wanted) in zip([box.x1, box.y1, box.x2, box.y2], [1, 11, 50, 33] as [Float]) {
            #expect(abs(found - wanted) < 1e-4)
        }
        #expect(letterbox.pictureBox(Box(x1: -9, y1: 0, x2: 99, y2: 64)) == Box(x1: 0, y1: 0, x2: 100, y2: 33))
    }

    @Test(
        .enabled(if: Fixtures.haveModels, "needs ../shared and .models"),
        arguments: [("yolo11n/bus.jpg", "bus-640x640.png"), ("yolo11n/zidane.jpg", "zidane-640x640.png")])
    func photographsEqualTheRecordedInputs(source: String, recorded: String) throws {
        let picture = try Fixtures.picture(Fixtures.models, source)
        let wanted = try Fixtures.picture(Fixtures.records, "inputs/\(recorded)")
        let letterbox = try Letterbox(
            pictureWidth: picture.width, pictureHeight: picture.height, width: 640, height: 640)
        #expect(try letterbox.applied(to: picture) == wanted)

        let rectangular = try Letterbox(
            rectangularFor: picture.width, picture.height, width: 640, height: 640, stride: 32)
        let inner = try rectangular.applied(to: picture)
        let (x, y) = (letterbox.left - rectangular.left, letterbox.top - rectangular.top)
        #expect(inner == wanted.cropped(x: x, y: y, width: inner.width, height: inner.height))
    }

    @Test(
        .enabled(if: Fixtures.haveModels, "needs ../shared and .models"),
        arguments: ["bus", "zidane"])
    func classifierCropsEqualTheRecordedInputs(name: String) throws {
        let picture = try Fixtures.picture(Fixtures.models, "yolo11n/\(name).jpg")
        let wanted = try Fixtures.picture(Fixtures.records, "inputs/\(name)-224x224.png")
        #expect(try picture.croppedForClassification(width: 224, height: 224) == wanted)
    }

    @Test(.enabled(if: Fixtures.haveRecords, "needs ../shared"))
    func theSceneEqualsItsRecordedInput() throws {
        let picture = try Fixtures.picture(Fixtures.digits, "scene.png")
        let wanted = try Fixtures.picture(Fixtures.records, "inputs/scene-256x256.png")
        let letterbox = try Letterbox(pictureWidth: 640, pictureHeight: 480, width: 256, height: 256)
        #expect(try letterbox.applied(to: picture) == wanted)
    }
}
