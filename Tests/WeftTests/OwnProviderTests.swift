import Foundation
import Testing
import Weft
import WeftProviderKit

/// Runs Relu in float32, in host memory.
struct ReluProvider: Provider {
    let name = "relu"
    let rows = [
        SupportRow(
            "Relu", types: TypeConstraint([.float32]),
            variants: { node, _ in
                [Variant("plain", work: .elements(of: node), inPlace: [.init(output: 0, input: 0)])]
            },
            kernel: HostKernel { node throws(WeftError) in
                let count = node.view.outputShape(0).elementCount
                return { invocation throws(WeftError) in
                    let x = invocation.input(0, as: Float.self)
                    let y = invocation.output(0, as: Float.self)
                    try invocation.workers.forEachRange(of: count, grain: 4096) { range, _ in
                        for index in range { y[index] = max(x[index], 0) }
                    }
                }
            })
    ]

    func devices() -> (found: [DeviceDescription], unavailable: String?) {
        ([DeviceDescription(id: name, name: "host processor", provider: name, kind: .host)], nil)
    }

    func open(_ device: DeviceDescription) throws(WeftError) -> any Device { HostDevice(device, provider: self) }
}

/// A provider of one's own runs what it claims.
@Suite struct OwnProviderTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../..")

    @Test func anInstanceInTheListRunsItsNodes() throws {
        var options = SessionOptions()
        options.placement = .preference
        let session = try Session(
            loading: Self.root.appendingPathComponent("Tests/WeftCommandTests/Fixtures/dense.onnx").path,
            providers: [.provider(ReluProvider()), .cpu], options: options)
        let x = Tensor([Float](repeating: 1, count: 4), shape: [1, 4])
        let y: [Float] = try session.runSynchronously(["x": x])["y"].array()
        #expect(y == [0, 0, 2])
        #expect(session.placement.shares["relu"]?.nodes == 1)
        #expect(session.placement.shares["cpu"]?.nodes == 1)
    }

    /// Relu under another name, on a device of any name.
    private struct Named: Provider {
        let name: String
        let device: String
        var rows: [SupportRow] { ReluProvider().rows }

        init(_ name: String, _ device: String) { (self.name, self.device) = (name, device) }

        func devices() -> (found: [DeviceDescription], unavailable: String?) {
            ([DeviceDescription(id: device, name: "host processor", provider: name, kind: .host)], nil)
        }

        func open(_ device: DeviceDescription) throws(WeftError) -> any Device { HostDevice(device, provider: self) }
    }

    @Test func namesThatTwoProvidersHaveAreRefused() throws {
        func problem(_ list: [ProviderChoice]) -> String? {
            do {
                try Session.check(list)
                return nil
            } catch {
                #expect(error.code == .invalidOption)
                return error.message
            }
        }
        #expect(problem([.provider(Named("a", "a")), .provider(Named("b", "b")), .cpu]) == nil)
        #expect(problem(DefaultProviders.all.filter { !$0.devices().found.isEmpty }.map { .provider($0) }) == nil)
        #expect(problem([.provider(ReluProvider()), .provider(ReluProvider())]) == "two providers are named 'relu'")
        #expect(problem([.provider(Named("a", "x")), .provider(Named("a", "y"))]) == "two providers are named 'a'")
        #expect(problem([.provider(Named("cpu", "x"))]) == "two providers are named 'cpu'")
        #expect(
            problem([.provider(Named("a", "x")), .provider(Named("b", "x"))])
                == "providers 'a' and 'b' both call a device 'x'")
        #expect(problem([.cpu, .cpu]) == "the list names device 'cpu' twice")
    }

    @Test func aProcessAddsNoProviderWhoseNameCannotBeUsed() {
        for name in ["cpu", "openblas", "vulkan", "", "a:1", "a,b", "a b", "a=b"] {
            let error = #expect(throws: WeftError.self) {
                try DefaultProviders.add([Named("fine", "fine"), Named(name, "x")])
            }
            #expect(error?.code == .invalidOption)
        }
        #expect(!DefaultProviders.all.contains { $0.name == "fine" })
    }
}
