import ArgumentParser
import Weft
import WeftVision

/// `weft detect`: what a YOLO model finds in pictures.
struct DetectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect", abstract: "Finds objects in pictures with an Ultralytics YOLO model.")

    @Argument(
        help: "Pictures, JPEG or PNG, or folders of them.", completion: .file(extensions: PictureFiles.extensions))
    var images: [String]

    @Option(name: .long, help: "The model file, a YOLO export.", completion: Completions.model)
    var model: String

    @OptionGroup var providerOptions: ProviderOptions

    @Option(
        name: .long,
        help: "Where the picture with what was found goes, as PNG; a folder for several pictures or a folder.",
        completion: .file(extensions: ["png"]))
    var output: String?

    @Option(name: .long, help: "Least score, 0 to 1.")
    var confidence: Float = 0.25

    @Option(name: .long, help: "Boxes that overlap a better one by more are dropped, 0 to 1.")
    var iou: Float = 0.7

    @Option(name: .long, help: "The most detections of a picture.")
    var max = 300

    @Option(name: .long, help: "Class numbers to keep, separated by commas (default: all).")
    var classes: String?

    @Flag(name: .customLong("agnostic-nms"), help: "Boxes of different classes suppress each other too.")
    var agnostic = false

    @Flag(name: .long, help: "Give a model of dynamic size the smallest input that holds the picture.")
    var rectangular = false

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    /// One picture's part of the document: the result's own fields, and these.
    private struct Report: Encodable {
        let image: String
        let result: YOLOResult
        let placement: [String: PlanExplanation.Share]
        let ms: Double

        private enum CodingKeys: CodingKey { case image, placement, ms }

        func encode(to encoder: any Encoder) throws {
            try result.encode(to: encoder)
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(image, forKey: .image)
            try fields.encode(placement, forKey: .placement)
            try fields.encode(ms, forKey: .ms)
        }
    }

    func run() throws {
        try Console.run {
            let options = try detectionOptions()
            let pictures = try PictureFiles(images)
            let drawings = try output.map { place throws(WeftError) in try pictures.drawings(in: place) }
            var sessionOptions = try providerOptions.sessionOptions()
            // The network is planned for the input that the first picture makes.
            sessionOptions.plansAtLoad = false
            let session = try Progress.during("loading \(model)") { _ throws(WeftError) in
                try Session(loading: model, providers: providerOptions.providers, options: sessionOptions)
            }
            let detector: YOLODetector
            do throws(VisionError) {
                detector = try YOLODetector(
                    metadata: session.metadata, inputs: session.inputs.map(Self.port),
                    outputs: session.outputs.map(Self.port))
            } catch {
                throw VisionError(error.code, "\(model): \(error.message)", remedy: error.remedy)
            }
            var reports: [Report] = []
            let progress = Progress("detecting", total: pictures.files.count)
            defer { progress.finish() }
            for (index, image) in pictures.files.enumerated() {
                progress.rename(image)
                let picture = try Picture(contentsOf: image)
                let report = try detect(image, picture, detector, session, options)
                if !json { print(report) }
                if let file = drawings?[index] {
                    try picture.drawing(report.result).writePNG(to: file)
                    if !json { Console.print("  drawn in \(file)") }
                }
                reports.append(report)
                progress.advance()
            }
            guard json else { return }
            if let only = reports.first, !pictures.isList {
                try Console.print(json: only)
            } else {
                try Console.print(json: reports)
            }
        }
    }

    private func detect(
        _ image: String, _ picture: Picture, _ detector: YOLODetector, _ session: Session, _ options: DetectionOptions
    ) throws -> Report {
        let input = try detector.prepare(picture, options: options)
        let feed = [input.name: Value.tensor(Tensor(input.values, shape: input.shape))]
        let plan = try session.explain(feed)
        let watch = Stopwatch()
        let outputs = try session.runSynchronously(values: feed, outputs: detector.outputNames)
        let seconds = watch.seconds
        var read: [String: NetworkOutput] = [:]
        for (name, value) in outputs {
            guard let tensor = value.tensor else { continue }
            read[name] = NetworkOutput(shape: tensor.shape, values: try tensor.array(as: Float.self))
        }
        return Report(
            image: image, result: try detector.result(from: read, for: input), placement: plan.shares,
            ms: seconds * 1e3)
    }

    private func print(_ report: Report) {
        let result = report.result
        let found =
            result.task == .classify ? "classes" : Figures.count(result.detections.count, "detection")
        Console.print(
            "\(report.image): \(result.width) x \(result.height), \(found), \(Figures.number(report.ms)) ms")
        for entry in result.top { Console.print("  \(entry.name) \(Figures.decimal(Double(entry.score), places: 3))") }
        Console.print(
            Figures.table(
                result.detections.map { detection in
                    let box = detection.box
                    let corners = [box.x1, box.y1, box.x2, box.y2].map { Figures.decimal(Double($0), places: 1) }
                    return [
                        detection.name, Figures.decimal(Double(detection.score), places: 3),
                        "[\(corners.joined(separator: ", "))]",
                    ]
                }))
        let shares = report.placement.sorted { ($1.value.nodes, $0.key) < ($0.value.nodes, $1.key) }.map {
            "\($0.key) \(Figures.count($0.value.nodes, "node")), \(Figures.percent($0.value.flopsShare)) of FLOPs"
        }
        Console.print("  placement: \(shares.joined(separator: "; "))")
    }

    private func detectionOptions() throws -> DetectionOptions {
        var options = DetectionOptions()
        options.confidence = confidence
        options.overlap = iou
        options.maximum = max
        options.classAgnostic = agnostic
        options.rectangular = rectangular
        if let classes {
            var chosen: Set<Int> = []
            for word in classes.split(separator: ",", omittingEmptySubsequences: false) {
                guard let number = Int(word), number >= 0 else {
                    throw WeftError(.invalidOption, "'\(word)' is no class number", hint: "as in --classes 0,2")
                }
                chosen.insert(number)
            }
            options.classes = chosen
        }
        try options.validate()
        return options
    }

    private static func port(_ description: ValueDescription) -> ModelPort {
        let sizes = description.dimensions?.map { dimension -> Int? in
            if case .fixed(let size) = dimension { return size }
            return nil
        }
        return ModelPort(
            name: description.name, elementType: description.elementType.map { "\($0)" } ?? "no tensor",
            shape: sizes ?? [])
    }
}
