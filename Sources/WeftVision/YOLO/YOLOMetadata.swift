/// What a YOLO export says of itself in its model file's metadata.
public struct YOLOMetadata: Sendable, Equatable {
    public struct ImageSize: Sendable, Equatable {
        public let height: Int
        public let width: Int
    }

    public struct KeypointShape: Sendable, Equatable {
        public let count: Int
        /// 2, or 3 where each has its visibility.
        public let dimensions: Int
    }

    public let task: YOLOTask
    /// Class names by index; indices need not be without gaps.
    public let names: [Int: String]
    /// Network input sizes are multiples of it; 32 where the file does not say.
    public let stride: Int
    /// The input size that the model was exported for, where the file says.
    public let imageSize: ImageSize?
    /// Keypoints an object and numbers a keypoint (2, or 3 with visibility), for pose models.
    public let keypointShape: KeypointShape?
    /// Whether suppression is part of the network.
    public let endToEnd: Bool

    /// Reads the pairs of a model file; throws `.notYOLO` naming the pair that is missing or not understood.
    public init(_ pairs: [String: String]) throws(VisionError) {
        guard let taskName = pairs["task"], let nameList = pairs["names"] else {
            let missing = ["task", "names"].filter { pairs[$0] == nil }.map { "'\($0)'" }.joined(separator: " and ")
            let found =
                pairs.isEmpty ? "has none" : "has " + pairs.keys.sorted().prefix(12).joined(separator: ", ")
            throw Self.notYOLO(
                "the model is no Ultralytics YOLO export: its metadata lacks \(missing) (it \(found))")
        }
        guard let task = YOLOTask(rawValue: taskName) else {
            let known = YOLOTask.allCases.map(\.rawValue).joined(separator: ", ")
            throw Self.notYOLO("the model's metadata says task '\(taskName.prefix(40))', expected one of \(known)")
        }
        self.task = task
        names = try Self.names(nameList)
        stride = try Self.integers(pairs, "stride", counts: 1...1)?.first ?? 32
        imageSize = try Self.integers(pairs, "imgsz", counts: 1...2).map {
            ImageSize(height: $0[0], width: $0[$0.count - 1])
        }
        keypointShape = try Self.integers(pairs, "kpt_shape", counts: 2...2).map {
            KeypointShape(count: $0[0], dimensions: $0[1])
        }
        endToEnd = pairs["end2end"] == "True"
        guard task != .pose || keypointShape.map({ 2...3 ~= $0.dimensions }) == true else {
            throw Self.notYOLO(
                "the pose model's metadata lacks a 'kpt_shape' of keypoints and 2 or 3 numbers each")
        }
    }

    /// The class's name, or its number where it has none.
    public func name(of classIndex: Int) -> String { names[classIndex] ?? String(classIndex) }

    private static func names(_ source: String) throws(VisionError) -> [Int: String] {
        var names: [Int: String] = [:]
        switch try literal("names", source) {
        case .dictionary(let entries):
            for entry in entries {
                guard let index = entry.key.integer, case .text(let name) = entry.value else { break }
                names[index] = name
            }
            if names.count == entries.count, !names.isEmpty { return names }
        case .list(let items):
            for (index, item) in items.enumerated() {
                if case .text(let name) = item { names[index] = name }
            }
            if names.count == items.count, !names.isEmpty { return names }
        default: break
        }
        throw notYOLO("the model's metadata 'names' is not a list of class names by number, as {0: 'person', …}")
    }

    /// Positive integers, one alone or a list, each at most 65536; nil where the key is absent.
    private static func integers(
        _ pairs: [String: String], _ key: String, counts: ClosedRange<Int>
    ) throws(VisionError) -> [Int]? {
        guard let source = pairs[key] else { return nil }
        let value = try literal(key, source)
        let list = value.integers ?? value.integer.map { [$0] } ?? []
        guard counts ~= list.count, list.allSatisfy({ 1...65536 ~= $0 }) else {
            throw notYOLO("the model's metadata '\(key)' is '\(source.prefix(40))', expected positive integers")
        }
        return list
    }

    private static func literal(_ key: String, _ source: String) throws(VisionError) -> PythonLiteral {
        do {
            return try PythonLiteral(source)
        } catch {
            throw notYOLO(
                "the model's metadata '\(key)' cannot be read: expected \(error.expected) at byte \(error.position)")
        }
    }

    static func notYOLO(_ message: String) -> VisionError {
        VisionError(.notYOLO, message, remedy: "export it with Ultralytics: model.export(format=\"onnx\")")
    }
}
