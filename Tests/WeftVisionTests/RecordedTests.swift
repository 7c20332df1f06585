import Foundation
import Testing
import WeftVision

/// Recorded network outputs give the detections that were recorded with them.
@Suite struct RecordedTests {
    private struct Scene: Decodable {
        struct Entry: Decodable {
            let `class`: Int
            let score: Float
            let box: [Float]
        }

        let detections: [Entry]
    }

    private struct Record: Decodable {
        struct Run: Decodable {
            let picture: String
            let settings: Settings
            let detections: [Entry]
        }

        struct Settings: Decodable {
            let conf: Float
            let iou: Float
            let max_det: Int
            let classes: [Int]?
            let agnostic_nms: Bool
        }

        struct Entry: Decodable {
            let cls: Int
            let score: Float
            let xyxy: [Float]?
            let xywhr: [Float]?
            let corners: [[Float]]?
            let keypoints: [[Float]]?
            let mask_picture: RunLengths?
        }

        struct RunLengths: Decodable {
            let size: [Int]
            let rle: [Int]
        }

        let runs: [Run]
    }

    @Test(.enabled(if: Picture.canUseFiles, "needs the trait Pictures"))
    func theDigitsInTheSceneAreFound() throws {
        let output = try Fixtures.tensor(
            Fixtures.digits.appending(path: "test_data_set_0/output_0.pb"), shape: [1, 14, 1280])
        let detector = try Self.detector("detect", names: 10, size: 256, head: [1, 14, 1280])
        var options = DetectionOptions()
        options.overlap = 0.45
        let picture = try Fixtures.picture(Fixtures.digits, "scene.png")
        let input = try detector.prepare(picture, options: options)
        let found = try detector.result(from: ["output0": output], for: input).detections
        let wanted = try Fixtures.decode(Scene.self, Fixtures.digits.appending(path: "scene.json")).detections
        #expect(found.count == wanted.count)
        for (detection, entry) in zip(found, wanted) {
            #expect(detection.classIndex == entry.class)
            #expect(abs(detection.score - entry.score) < 2e-3)
            expectClose(detection.box, entry.box, within: 0.1)
        }
    }

    @Test(
        .enabled(if: Fixtures.haveModels, "needs ../shared and .models"),
        arguments: [
            ("yolo11n", "detect", 80, "bus.jpg", 1), ("yolo11n", "detect", 80, "zidane.jpg", 2),
            ("yolo11n-seg", "segment", 80, "bus.jpg", 0), ("yolo11n-pose", "pose", 1, "bus.jpg", 0),
            ("yolo11n-obb", "obb", 15, "bus.jpg", 0),
        ])
    func recordedOutputsGiveTheRecordedDetections(
        model: String, task: String, classes: Int, picture name: String, set: Int
    ) throws {
        let folder = Fixtures.models.appending(path: "\(model)/test_data_set_\(set)")
        let extra = ["segment": 32, "pose": 51, "obb": 1][task] ?? 0
        let shape = [1, 4 + classes + extra, 8400]
        var outputs = ["output0": try Fixtures.tensor(folder.appending(path: "output_0.pb"), shape: shape)]
        if task == "segment" {
            outputs["output1"] = try Fixtures.tensor(folder.appending(path: "output_1.pb"), shape: [1, 32, 160, 160])
        }
        let detector = try Self.detector(task, names: classes, size: 640, head: shape)
        let picture = try Fixtures.picture(Fixtures.models, "yolo11n/\(name)")
        let record = try Fixtures.decode(
            Record.self, Fixtures.records.appending(path: "\(model)/expected_results.json"))
        let runs = record.runs.filter { $0.picture == name }
        #expect(!runs.isEmpty)
        for run in runs {
            var options = DetectionOptions()
            options.confidence = run.settings.conf
            options.overlap = run.settings.iou
            options.maximum = run.settings.max_det
            options.classes = run.settings.classes.map(Set.init)
            options.classAgnostic = run.settings.agnostic_nms
            let input = try detector.prepare(picture, options: options)
            let found = try detector.result(from: outputs, for: input).detections
            #expect(found.map(\.classIndex) == run.detections.map(\.cls))
            for (detection, entry) in zip(found, run.detections) { try expectEqual(detection, entry) }
        }
    }

    private func expectEqual(_ detection: Detection, _ entry: Record.Entry) throws {
        #expect(abs(detection.score - entry.score) < 2e-4)
        if let box = entry.xyxy { expectClose(detection.box, box, within: 0.1) }
        if let corners = entry.corners, let angle = entry.xywhr?.last {
            let oriented = try #require(detection.oriented)
            #expect(abs(oriented.angle - angle) < 2e-3)
            #expect(zip(oriented.corners.flatMap { $0 }, corners.flatMap { $0 }).allSatisfy { abs($0 - $1) < 0.1 })
        }
        if let keypoints = entry.keypoints {
            let found = try #require(detection.keypoints).flatMap { [$0.x, $0.y, $0.visibility] }
            #expect(zip(found, keypoints.flatMap { $0 }).allSatisfy { abs($0 - $1) < 0.15 })
        }
        if let recorded = entry.mask_picture {
            let mask = try #require(detection.mask)
            #expect(mask.size == recorded.size)
            #expect(Self.overlap(mask.counts, recorded.rle) > 0.99)
        }
    }

    private func expectClose(_ box: Box, _ wanted: [Float], within limit: Float) {
        let found = [box.x1, box.y1, box.x2, box.y2]
        #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < limit }, "\(found) is not \(wanted)")
    }

    /// Intersection over union of two masks given as runs, zeros first.
    private static func overlap(_ first: [Int], _ second: [Int]) -> Double {
        func pixels(_ runs: [Int]) -> [Bool] {
            runs.enumerated().flatMap { [Bool](repeating: $0 % 2 == 1, count: $1) }
        }
        let (a, b) = (pixels(first), pixels(second))
        guard a.count == b.count else { return 0 }
        let both = zip(a, b).reduce(0) { $0 + ($1.0 && $1.1 ? 1 : 0) }
        let either = zip(a, b).reduce(0) { $0 + ($1.0 || $1.1 ? 1 : 0) }
        return either == 0 ? 0 : Double(both) / Double(either)
    }

    private static func detector(_ task: String, names: Int, size: Int, head: [Int]) throws -> YOLODetector {
        let list = (0..<names).map { "\($0): '\($0)'" }.joined(separator: ", ")
        var outputs = [ModelPort(name: "output0", elementType: "float32", shape: head)]
        if task == "segment" {
            outputs.append(ModelPort(name: "output1", elementType: "float32", shape: [1, 32, size / 4, size / 4]))
        }
        return try YOLODetector(
            metadata: ["task": task, "names": "{\(list)}", "stride": "32", "kpt_shape": "[17, 3]"],
            inputs: [ModelPort(name: "images", elementType: "float32", shape: [1, 3, size, size])], outputs: outputs)
    }
}
