import Logging
import Weft

func lists() async throws {
    let everything = try await Session(model: "model.onnx")
    let two = try await Session(model: "model.onnx", providers: [.openBLAS, .cpu])
    let second = try await Session(model: "model.onnx", providers: ["vulkan:1", "cpu"])
    for session in [everything, two, second] { print(session.placement) }
}

func options() async throws -> Session {
    var options = SessionOptions()
    options.placement = .preference
    options.pins = [PlacementPin("/head/*", provider: "cpu")]
    options.threads = 4
    options.deviceMemory = 512 << 20
    options.fallsBackToHost = true
    options.logger = Logger(label: "weft")
    return try await Session(model: "model.onnx", providers: [.vulkan, .cpu], options: options)
}

func isHere() -> [ProviderChoice] {
    let wanted: [ProviderChoice] = [.vulkan, .openBLAS, .cpu]
    return wanted.filter { (try? Session.check([$0])) != nil }
}
