import Foundation
import Testing
import Weft
import WeftProviderKit

/// Rates that are kept, and what is said where they cannot be used.
@Suite struct CalibrationTests {
    private func sources(_ folder: String) throws -> (rates: String, node: String) {
        var options = SessionOptions()
        options.cacheDirectory = folder
        options.threads = 1
        let path = NSTemporaryDirectory() + "/weft-\(UUID().uuidString).onnx"
        try Data(ModelWriter.pair()).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let session = try Session(loading: path, providers: [.cpu], options: options)
        let plan = try session.explain(["x": .tensor(Tensor([Float](repeating: 0, count: 6), shape: [2, 3]))])
        return (plan.rateSources["cpu"] ?? "", plan.nodes.first?.source ?? "")
    }

    @Test func ratesAreKeptAndUsedAndDamagedOnesAreNot() throws {
        let folder = NSTemporaryDirectory() + "/weft-\(UUID().uuidString)/kept"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let fresh = try sources(folder)
        #expect(fresh.rates == "nominal (host)")
        #expect(fresh.node == "nominal")
        var shares: [Double] = []
        let devices = try Calibration.run([.cpu], threads: 1, cacheDirectory: folder) { device, share in
            #expect(device == "cpu")
            shares.append(share)
        }
        #expect(shares.last == 1)
        let device = try #require(devices.first)
        #expect(devices.count == 1)
        #expect(device.rates.contains { $0.throughput.contains { $0.operators == "gemm" && $0.peak > 0 } })
        let calibrated = try sources(folder)
        #expect(calibrated.rates.hasPrefix("calibrated ("))
        #expect(calibrated.node == "calibrated")

        let text = try String(contentsOfFile: device.file, encoding: .utf8)
        try text.replacing("\"weft\" : \"\(WeftVersion.number)\"", with: "\"weft\" : \"0.0.1\"")
            .write(toFile: device.file, atomically: true, encoding: .utf8)
        let old = try sources(folder)
        #expect(old.rates == "nominal (host; the cached rates are of Weft 0.0.1)")
        #expect(old.node == "nominal")
        try text.replacing("\"weft rates 2\"", with: "\"weft rates 1\"")
            .write(toFile: device.file, atomically: true, encoding: .utf8)
        #expect(try sources(folder).rates.contains("of another form, 'weft rates 1'"))
        try text.replacing("\"version\" : \"", with: "\"version\" : \"another ")
            .write(toFile: device.file, atomically: true, encoding: .utf8)
        #expect(try sources(folder).rates.contains("another machine, device or driver"))
        try "{".write(toFile: device.file, atomically: true, encoding: .utf8)
        #expect(try sources(folder).rates.contains("damaged"))
        try text.replacing("\"machine\" : \"", with: "\"machine\" : \"another ")
            .write(toFile: device.file, atomically: true, encoding: .utf8)
        #expect(try sources(folder).rates.contains("another machine"))
    }

    /// Runs Exp in a plain way, or in a quick one where its own tuning found that to be better.
    private final class Choosy: Provider, @unchecked Sendable {
        let name = "choosy"
        private let lock = Lock()
        private var asked = 0
        var timesTuned: Int { lock.withLock { asked } }

        private static func variants(_ node: NodeView, _ device: DeviceDescription) -> [Variant] {
            let names = device.features.contains("quick") ? ["quick", "plain"] : ["plain", "quick"]
            return names.map { Variant($0, work: .elements(of: node, rate: .transcendental)) }
        }

        var rows: [SupportRow] {
            [
                SupportRow(
                    "Exp", types: TypeConstraint([.float32]), variants: { Self.variants($0, $1) },
                    kernel: HostKernel { node throws(WeftError) in
                        let count = node.view.outputShape(0).elementCount
                        return { invocation throws(WeftError) in
                            let x = invocation.input(0, as: Float.self)
                            let y = invocation.output(0, as: Float.self)
                            for index in 0..<count { y[index] = Float(exp(Double(x[index]))) }
                        }
                    })
            ]
        }

        func devices() -> (found: [DeviceDescription], unavailable: String?) {
            ([DeviceDescription(id: name, name: "one that chooses", provider: name, version: "1", kind: .host)], nil)
        }

        func open(_ device: DeviceDescription) throws(WeftError) -> any Device { HostDevice(device, provider: self) }

        func tune(_ device: any Device, seconds: Double) throws(WeftError) -> [TunedFeature] {
            lock.withLock { asked += 1 }
            return [TunedFeature("quick", remark: "quick 1 us, plain 2 us")]
        }
    }

    @Test func whatAProvidersOwnTuningFindsIsAskedForByCalibrationAloneAndUsedAfterwards() throws {
        let folder = NSTemporaryDirectory() + "/weft-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = NSTemporaryDirectory() + "/weft-\(UUID().uuidString).onnx"
        var model = ModelWriter()
        model.input("x", [.fixed(8)])
        model.node("Exp", ["x"], ["y"], name: "exp")
        model.output("y", [.fixed(8)])
        try Data(model.bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let x = Tensor([Float](repeating: 0, count: 8), shape: [8])
        func variant(_ provider: Choosy) throws -> String? {
            var options = SessionOptions()
            options.cacheDirectory = folder
            options.threads = 1
            options.placement = .preference
            let session = try Session(loading: path, providers: [.provider(provider), .cpu], options: options)
            let y: [Float] = try session.runSynchronously(["x": x])["y"].array()
            #expect(y == [Float](repeating: 1, count: 8))
            return try session.explain(["x": .tensor(x)]).nodes.first?.variant
        }
        let fresh = Choosy()
        #expect(try variant(fresh) == "plain")
        #expect(fresh.timesTuned == 0)
        let asked = Choosy()
        let devices = try Calibration.run([.provider(asked)], threads: 1, seconds: 0, cacheDirectory: folder)
        #expect(asked.timesTuned == 1)
        #expect(devices.first?.tuned.map(\.remark) == ["quick 1 us, plain 2 us"])
        let later = Choosy()
        #expect(try variant(later) == "quick")
        #expect(later.timesTuned == 0)
    }

    @Test func aProviderOfOnesOwnThatRunsNoProbeSaysSo() {
        struct Nothing: Provider {
            let name = "nothing"
            let rows: [SupportRow] = []
            func devices() -> (found: [DeviceDescription], unavailable: String?) {
                ([DeviceDescription(id: name, name: name, provider: name, kind: .host)], nil)
            }
            func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
                HostDevice(device, provider: self)
            }
        }
        #expect(throws: WeftError.self) {
            try Calibration.run([.provider(Nothing())], threads: 1, cacheDirectory: NSTemporaryDirectory())
        }
        #expect(throws: WeftError.self) { try Calibration.run([.cpu], seconds: -1) }
    }
}
