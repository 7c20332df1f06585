import Weft

/// What "First model in five minutes" shows.
func firstModel(_ folder: String) async throws -> Outputs {
    let session = try await Session(model: "\(folder)/model.onnx")
    for input in session.inputs { print(input) }  // x: float32 [batch, 4]

    let x = Tensor([Float](arrayLiteral: 1, 2, 3, 4, 5, 6, 7, 8), shape: [2, 4])
    let outputs = try await session.run(["x": x])
    for (name, value) in outputs { print(name, value.type) }  // y float32 [2, 3]
    return outputs
}

func inputsFromFiles(_ session: Session) async throws -> [Float] {
    let image = try Tensor(npy: "image.npy")
    let scores = try await session.run(["input": image], outputs: ["scores"])["scores"]
    return try scores.array()
}

func errors(_ session: Session, _ x: Tensor) async {
    do {
        _ = try await session.run(["x": x], deadline: .now + .seconds(2))
    } catch {
        print("error:", error)  // error: model.onnx: input 'x' has shape …
        if let hint = error.hint { print("hint:", hint) }
        if error.code == .timeout { print("too slow for two seconds") }
    }
}

func buffersOfOnesOwn(_ session: Session, _ frames: [Tensor]) async throws {
    let scores = try OutputBuffer(.float32, shape: [1, 1000])
    for frame in frames {
        let outputs = try await session.run(["input": frame], into: ["scores": scores])
        let best = try outputs["scores"].array(as: Float.self).max()
        print(best ?? 0)
    }
}
