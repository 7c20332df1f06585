import WeftVision

func detect(
    _ pairs: [String: String], _ inputs: [ModelPort], _ outputs: [ModelPort],
    _ run: (String, [Float], [Int]) throws -> [String: NetworkOutput]
) throws {
    let detector = try YOLODetector(metadata: pairs, inputs: inputs, outputs: outputs)
    let picture = try Picture(contentsOf: "street.jpg")
    let input = try detector.prepare(picture)
    let outputs = try run(input.name, input.values, input.shape)  // [String: NetworkOutput]
    let result = try detector.result(from: outputs, for: input)
    try picture.drawing(result).writePNG(to: "street-found.png")
}
