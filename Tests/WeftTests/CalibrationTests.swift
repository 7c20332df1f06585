import Foundation
import Testing
import Weft

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
        try "{".write(toFile: device.file, atomically: true, encoding: .utf8)
        #expect(try sources(folder).rates.contains("damaged"))
        try text.replacing("\"machine\" : \"", with: "\"machine\" : \"another ")
            .write(toFile: device.file, atomically: true, encoding: .utf8)
        #expect(try sources(folder).rates.contains("another machine"))
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
    }
}
