import Testing
import WeftVision

/// The rules on outputs small enough to be worked out by hand.
@Suite struct DetectorTests {
    static let picture = Result { try Fixtures.pattern(width: 64, height: 64) }

    /// A detector for inputs of 64 x 64 whose head has this many anchors.
    private func detector(
        _ task: String = "detect", classes: Int = 2, extra: [String: String] = [:], head: [Int?],
        prototypes: [Int?]? = nil, input: [Int?] = [1, 3, 64, 64]
    ) throws -> YOLODetector {
        let names = (0..<classes).map { "\($0): 'c\($0)'" }.joined(separator: ", ")
        var outputs = [ModelPort(name: "output0", elementType: "float32", shape: head)]
        if let prototypes { outputs.append(ModelPort(name: "output1", elementType: "float32", shape: prototypes)) }
        return try YOLODetector(
            metadata: ["task": task, "names": "{\(names)}", "stride": "32"].merging(extra) { $1 },
            inputs: [ModelPort(name: "images", elementType: "float32", shape: input)], outputs: outputs)
    }

    /// Lays anchors out as a head does: a column each.
    private func head(_ anchors: [[Float]]) -> NetworkOutput {
        let channels = anchors[0].count
        return NetworkOutput(
            shape: [1, channels, anchors.count],
            values: (0..<channels).flatMap { channel in anchors.map { $0[channel] } })
    }

    private func found(
        _ detector: YOLODetector, _ outputs: [NetworkOutput], _ options: DetectionOptions = DetectionOptions()
    ) throws -> [Detection] {
        let input = try detector.prepare(try Self.picture.get(), options: options)
        let named = Dictionary(uniqueKeysWithValues: zip(["output0", "output1"], outputs))
        return try detector.result(from: named, for: input).detections
    }

    @Test func theInputIsPlanesOverOneLetterbox() throws {
        let input = try detector(head: [1, 6, 3]).prepare(try Self.picture.get())
        #expect(input.name == "images")
        #expect(input.shape == [1, 3, 64, 64])
        #expect(input.values.count == 3 * 64 * 64)
        let picture = try Self.picture.get()
        #expect(input.values[0] == Float(picture.pixels[0]) / 255)
        #expect(input.values[64 * 64 + 1] == Float(picture.pixels[4]) / 255)
    }

    @Test func aBoxIsKeptForItsBestClassAboveTheConfidence() throws {
        let output = head([
            [10, 20, 4, 6, 0.1, 0.9], [40, 20, 4, 6, 0.25, 0.2], [40, 40, 4, 6, 0.26, 0.2], [50, 50, 2, 2, .nan, .nan],
        ])
        let boxes = try found(try detector(head: [1, 6, nil]), [output])
        #expect(boxes.map(\.classIndex) == [1, 0])
        #expect(boxes.map(\.name) == ["c1", "c0"])
        #expect(boxes.map(\.score) == [0.9, 0.26])
        #expect(boxes[0].box == Box(x1: 8, y1: 17, x2: 12, y2: 23))
    }

    @Test func optionsChooseWhatIsKept() throws {
        let output = head([
            [10, 20, 10, 10, 0.9, 0.1], [10, 20, 10, 10, 0.1, 0.8], [40, 20, 10, 10, 0.7, 0.1],
            [41, 20, 10, 10, 0.6, 0.1],
        ])
        let detector = try detector(head: [1, 6, 4])
        func scores(_ change: (inout DetectionOptions) -> Void) throws -> [Float] {
            var options = DetectionOptions()
            change(&options)
            return try found(detector, [output], options).map(\.score)
        }
        #expect(try scores { _ in } == [0.9, 0.8, 0.7])
        #expect(try scores { $0.classAgnostic = true } == [0.9, 0.7])
        #expect(try scores { $0.classes = [1] } == [0.8])
        #expect(try scores { $0.maximum = 1 } == [0.9])
        #expect(try scores { $0.overlap = 0.95 } == [0.9, 0.8, 0.7, 0.6])
        #expect(try scores { $0.confidence = 0.75 } == [0.9, 0.8])
    }

    @Test func boxesThatAreNoNumbersAreLeftOut() throws {
        let output = head([[.nan, 20, 4, 6, 0.9, 0], [10, 20, .infinity, 6, 0.8, 0], [10, 20, 4, 6, 0.7, 0]])
        #expect(try found(try detector(head: [1, 6, 3]), [output]).map(\.score) == [0.7])
    }

    @Test func endToEndRowsAreTakenAsTheyAre() throws {
        let output = NetworkOutput(
            shape: [1, 3, 6],
            values: [1, 2, 30, 40, 0.9, 1, 1, 2, 30, 40, 0.8, 1, 0, 0, 5, 5, 0.1, 0])
        let boxes = try found(try detector(head: [1, 3, 6]), [output])
        #expect(boxes.map(\.score) == [0.9, 0.8])
        #expect(boxes[0].box == Box(x1: 1, y1: 2, x2: 30, y2: 40))
        #expect(boxes[0].classIndex == 1)
    }

    @Test func keypointsComeBackClampedWithTheirVisibility() throws {
        let detector = try detector("pose", classes: 1, extra: ["kpt_shape": "[2, 3]"], head: [1, 11, 1])
        let boxes = try found(detector, [head([[32, 32, 10, 10, 0.9, 30, 31, 0.75, -5, 90, 0.5]])])
        #expect(
            boxes.first?.keypoints == [
                Keypoint(x: 30, y: 31, visibility: 0.75), Keypoint(x: 0, y: 64, visibility: 0.5),
            ])
    }

    @Test func orientedBoxesKeepTheirAngle() throws {
        let boxes = try found(try detector("obb", head: [1, 7, 1]), [head([[32, 30, 20, 10, 0.2, 0.9, 0]])])
        #expect(boxes.first?.oriented == OrientedBox(centreX: 32, centreY: 30, width: 20, height: 10, angle: 0))
        #expect(boxes.first?.box == Box(x1: 22, y1: 25, x2: 42, y2: 35))
    }

    @Test func masksAreTheWeightedPrototypesWithinTheBox() throws {
        let detector = try detector("segment", classes: 1, head: [1, 7, 2], prototypes: [1, 2, 16, 16])
        // One prototype is positive in the left half, the other everywhere.
        let half = (0..<256).map { $0 % 16 < 8 ? Float(1) : -1 }
        let prototypes = NetworkOutput(shape: [1, 2, 16, 16], values: half + [Float](repeating: 1, count: 256))
        let boxes = try found(
            detector, [head([[32, 32, 20, 4, 0.9, 1, 0], [32, 10, 8, 4, 0.8, 0, -1]]), prototypes])
        #expect(boxes.count == 1, "a mask without pixels drops its box")
        // Columns 22 to 31 of rows 30 to 33: ten of the twenty lie in the left half.
        #expect(boxes.first?.mask?.size == [64, 64])
        #expect(boxes.first?.mask?.counts == [30 * 64 + 22, 10, 54, 10, 54, 10, 54, 10, 30 * 64 + 32])
    }

    @Test func classifiersNameTheFiveLikeliest() throws {
        let detector = try detector("classify", classes: 6, head: [1, 6])
        let input = try detector.prepare(try Self.picture.get())
        #expect(input.letterbox == nil)
        let scores = NetworkOutput(shape: [1, 6], values: [0.1, 0.3, 0.1, 0.05, 0.2, 0.25])
        let result = try detector.result(from: ["output0": scores], for: input)
        #expect(result.top.map(\.classIndex) == [1, 5, 4, 0, 2])
        #expect(result.top.first?.name == "c1")
    }

    @Test func modelsThatAreNoYOLOExportAreRefusedWithWhatWasFound() throws {
        #expect(refusal { try detector(head: [1, 85, 100]) }?.contains("1 x 85 x 100") == true)
        #expect(refusal { try detector(head: [1, 25200, 85]) }?.contains("1 x 6 x anchors") == true)
        #expect(refusal { try detector(head: [1, 6]) } != nil)
        #expect(refusal { try detector(head: [4, 6, 100]) } != nil)
        #expect(
            refusal { try detector(head: [1, 6, 100], input: [1, 1, 28, 28]) }?.contains("1 x 1 x 28 x 28") == true)
        #expect(refusal { try detector(head: [1, 6, 100], input: [1, 3, -5, 64]) } != nil)
        #expect(refusal { try detector(head: [1, 6, 100], input: [1, 3, .max, .max]) } != nil)
        #expect(refusal { try detector("segment", head: [1, 38, 100]) }?.contains("two outputs") == true)
        #expect(refusal { try detector("segment", head: [1, 38, 1], prototypes: [1, .max, 4, 4]) } != nil)
        #expect(refusal { try detector("segment", head: [1, 38, 1], prototypes: [1, 32]) } != nil)
        #expect(refusal { try detector("classify", head: [1, 9]) } != nil)
    }

    @Test func outputsThatContradictTheModelAreRefused() throws {
        let detector = try detector(head: [1, nil, nil])
        for output in [
            NetworkOutput(shape: [1, 5, 2], values: [Float](repeating: 0, count: 10)),
            NetworkOutput(shape: [1, 6, 2], values: [1]), NetworkOutput(shape: [1, 6, -2], values: []),
            NetworkOutput(shape: [.max, .max, 6], values: []), NetworkOutput(shape: [], values: [1]),
        ] {
            #expect(throws: VisionError.self) { try found(detector, [output]) }
        }
        #expect(throws: VisionError.self) { try found(detector, []) }
    }

    @Test func optionsOutOfRangeAreRefused() throws {
        let detector = try detector(head: [1, 6, 3])
        for change in [
            { $0.confidence = 1.5 }, { $0.confidence = .nan }, { $0.overlap = -1 }, { $0.maximum = 0 },
            { $0.classes = [0, 2] },
        ] as [(inout DetectionOptions) -> Void] {
            var options = DetectionOptions()
            change(&options)
            let error = #expect(throws: VisionError.self) {
                try detector.prepare(try Self.picture.get(), options: options)
            }
            #expect(error?.code == .badOption)
        }
    }

    @Test func onlyDynamicModelsTakeRectangles() throws {
        var options = DetectionOptions()
        options.rectangular = true
        let wide = try Fixtures.pattern(width: 64, height: 20)
        let fixed = try detector(head: [1, 6, 3])
        #expect(try fixed.prepare(wide, options: options).shape == [1, 3, 64, 64])
        let dynamic = try detector(
            extra: ["imgsz": "[64, 64]"], head: [nil, 6, nil], input: [nil, 3, nil, nil])
        #expect(dynamic.isDynamic)
        #expect(try dynamic.prepare(wide, options: options).shape == [1, 3, 32, 64])
        #expect(try dynamic.prepare(wide).shape == [1, 3, 64, 64])
    }

    private func refusal(_ make: () throws -> YOLODetector) -> String? {
        do {
            _ = try make()
            return nil
        } catch {
            return (error as? VisionError)?.description
        }
    }
}
