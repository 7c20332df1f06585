/// Feeds pictures to a YOLO export and reads its answers: pure functions round a network that others run.
///
///     let detector = try YOLODetector(metadata: pairs, inputs: inputs, outputs: outputs)
///     let input = try detector.prepare(picture)
///     // run the network: input.name = input.values of input.shape
///     let result = try detector.result(from: outputs, for: input)
///
/// Letterboxing, filtering and suppression are Ultralytics' own, step by step.
public struct YOLODetector: Sendable {
    public let metadata: YOLOMetadata
    /// The model input that takes the picture.
    public let inputName: String
    /// The model outputs that are read, the head first.
    public let outputNames: [String]
    /// Whether the model takes inputs of any height and width; only then can they be rectangular.
    public let isDynamic: Bool
    private let inputWidth: Int
    private let inputHeight: Int

    /// Checks that the model is a YOLO export; throws `.notYOLO` saying what was expected and what was found.
    public init(metadata pairs: [String: String], inputs: [ModelPort], outputs: [ModelPort]) throws(VisionError) {
        metadata = try YOLOMetadata(pairs)
        guard inputs.count == 1, let input = inputs.first, input.shape.count == 4, (input.shape[0] ?? 1) == 1,
            (input.shape[1] ?? 3) == 3
        else {
            throw YOLOMetadata.notYOLO(
                "a YOLO export has one input of 1 x 3 x height x width, this model has "
                    + (inputs.isEmpty ? "none" : inputs.map { "'\($0.text)'" }.joined(separator: ", ")))
        }
        for port in [input] + outputs.prefix(2) where port.elementType != "float32" {
            throw VisionError(
                .notYOLO, "the model's '\(port.text)' should be float32",
                remedy: "export it without half=True or int8=True")
        }
        inputName = input.name
        let size = metadata.imageSize
        isDynamic = input.shape[2] == nil && input.shape[3] == nil
        inputHeight = input.shape[2] ?? Self.roundedUp(size?.height ?? 640, to: metadata.stride)
        inputWidth = input.shape[3] ?? Self.roundedUp(size?.width ?? 640, to: metadata.stride)
        try Picture.checkSize(width: inputWidth, height: inputHeight)
        outputNames = outputs.prefix(metadata.task == .segment ? 2 : 1).map(\.name)
        guard outputNames.count == (metadata.task == .segment ? 2 : 1) else {
            throw YOLOMetadata.notYOLO(
                "a YOLO \(metadata.task.rawValue) model has "
                    + (metadata.task == .segment ? "two outputs, head and mask prototypes" : "an output")
                    + ", this one has \(outputs.count)")
        }
        if metadata.task == .classify {
            try checkClassifier(outputs[0])
        } else {
            let maskChannels = metadata.task == .segment ? try Self.maskChannels(outputs[1]) : nil
            _ = try HeadLayout(metadata, maskChannels: maskChannels, port: outputs[0])
        }
    }

    /// Scales, pads and unpacks a picture into the network's input.
    ///
    /// Throws `.badOption` for options out of range, also a class that the model does not have.
    public func prepare(
        _ picture: Picture, options: DetectionOptions = DetectionOptions()
    ) throws(VisionError) -> YOLOInput {
        try options.validate()
        if let absent = options.classes?.sorted().first(where: { metadata.names[$0] == nil }) {
            throw VisionError(
                .badOption, "the model has no class \(absent)",
                remedy: "its \(metadata.names.count) classes are numbered from \(metadata.names.keys.min() ?? 0) "
                    + "to \(metadata.names.keys.max() ?? 0)")
        }
        if metadata.task == .classify {
            let cropped = try picture.croppedForClassification(width: inputWidth, height: inputHeight)
            return YOLOInput(name: inputName, boxed: cropped, of: picture, letterbox: nil, options: options)
        }
        let letterbox =
            if options.rectangular, isDynamic {
                try Letterbox(
                    rectangularFor: picture.width, picture.height, width: inputWidth, height: inputHeight,
                    stride: metadata.stride)
            } else {
                try Letterbox(
                    pictureWidth: picture.width, pictureHeight: picture.height, width: inputWidth, height: inputHeight)
            }
        return YOLOInput(
            name: inputName, boxed: try letterbox.applied(to: picture), of: picture, letterbox: letterbox,
            options: options)
    }

    /// What the network's outputs, by name, say about a prepared picture.
    public func result(
        from outputs: [String: NetworkOutput], for input: YOLOInput
    ) throws(VisionError) -> YOLOResult {
        var read: [NetworkOutput] = []
        for name in outputNames {
            guard let output = outputs[name], output.isConsistent else {
                throw YOLOMetadata.notYOLO("the network gave no usable output '\(name)'")
            }
            read.append(output)
        }
        var detections: [Detection] = []
        var top: [Classification] = []
        if let letterbox = input.letterbox {
            detections = try self.detections(from: read, letterbox: letterbox, options: input.options)
        } else {
            top = try classes(from: read[0])
        }
        return YOLOResult(
            task: metadata.task, width: input.pictureWidth, height: input.pictureHeight, detections: detections,
            top: top)
    }

    private static func roundedUp(_ size: Int, to stride: Int) -> Int { (size + stride - 1) / stride * stride }

    /// How many mask prototypes there are; nil where that is decided at run time.
    static func maskChannels(_ port: ModelPort) throws(VisionError) -> Int? {
        guard port.shape.count == 4, (port.shape[0] ?? 1) == 1, 1...4096 ~= port.shape[1] ?? 1 else {
            throw YOLOMetadata.notYOLO(
                "the model's second output is '\(port.text)', but mask prototypes are 1 x channels x height x width")
        }
        return port.shape[1]
    }

    /// The port of an output as it came, for the checks that the model's description could not make.
    func port(_ output: NetworkOutput, _ index: Int) -> ModelPort {
        ModelPort(name: outputNames[index], elementType: "float32", shape: output.shape)
    }
}
