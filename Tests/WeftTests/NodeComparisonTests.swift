import Foundation
import Testing
import Weft
import WeftProviderKit

/// `cpu` but for one operator, whose results are a little too large.
private struct WrongProvider: Provider {
    let name = "wrong"
    let rows: [SupportRow]

    init(_ opType: String, off: Float) {
        let right = DefaultProviders.all.last?.rows ?? []
        let wrong = SupportRow(
            opType, types: TypeConstraint([.float32]),
            variants: { node, _ in [Variant("plain", work: .elements(of: node))] },
            kernel: HostKernel { node throws(WeftError) in
                let count = node.view.outputShape(0).elementCount
                return { invocation throws(WeftError) in
                    let x = invocation.input(0, as: Float.self)
                    let y = invocation.output(0, as: Float.self)
                    for index in 0..<count { y[index] = tanh(x[index]) + (index == count - 1 ? off : 0) }
                }
            })
        rows = right.filter { $0.opType != opType } + [wrong]
    }

    func devices() -> (found: [DeviceDescription], unavailable: String?) {
        ([DeviceDescription(id: name, name: "host processor", provider: name, kind: .host)], nil)
    }

    func open(_ device: DeviceDescription) throws(WeftError) -> any Device { HostDevice(device, provider: self) }
}

/// Nodes of one provider held against another's, each fed with the right values.
@Suite struct NodeComparisonTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/weft-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func session(_ bytes: [UInt8], _ folder: String) throws -> Session {
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/model.onnx"))
        return try Session(loading: folder + "/model.onnx", providers: [.cpu])
    }

    private func rows(_ count: Int) -> Value {
        .tensor(Tensor((0..<count * 48).map { Float($0 % 13) / 13 - 0.4 }, shape: [count, 48]))
    }

    @Test(arguments: [1, 5]) func onlyNodesOfTheWrongOperatorDepart(_ count: Int) throws {
        try withFolder { folder in
            let session = try session(ModelWriter.layers(), folder)
            var names: [String] = []
            var departing: [NodeComparison] = []
            try session.compare(
                with: .provider(WrongProvider("Tanh", off: 0.25)), ["a": rows(count), "b": rows(count)]
            ) { node in
                names.append(node.name)
                if node.departs { departing.append(node) }
            }
            #expect(names.first == "sum")
            #expect(names.count == session.comparedNodeCount)
            #expect(departing.map(\.name) == ["bend0", "bend1", "bend2"])
            let first = try #require(departing.first?.difference)
            #expect(abs(first.absolute - 0.25) < 1e-5)
            #expect(first.exceeding == 1)
            #expect(first.count == 48 * count)
            #expect((first.ulps ?? 0) > 1000)
            #expect(departing[0].message.contains("element \(48 * count - 1)"))
        }
    }

    @Test func theSavedFolderPassesOnTheReferenceAndFailsOnTheWrongProvider() throws {
        try withFolder { folder in
            let session = try session(ModelWriter.layers(), folder)
            let wrong = ProviderChoice.provider(WrongProvider("Tanh", off: 0.25))
            try session.compare(with: wrong, ["a": rows(3), "b": rows(3)]) { node throws(WeftError) in
                if node.name == "bend1" || node.name == "product1" {
                    try node.write(testFolder: "\(folder)/\(node.name)")
                }
            }
            for name in ["bend1", "product1"] {
                let saved = try #require(try TestCase(folder: "\(folder)/\(name)", name: name))
                #expect(saved.run([.cpu]).status == .passed)
                let judged = saved.run([wrong])
                #expect(judged.status == (name == "bend1" ? .failed : .passed), "\(judged.message)")
                let again = try Session(loading: saved.model)
                #expect(again.information.nodeCount == 1)
            }
        }
    }

    @Test func whatAProviderDeclinesIsSaid() throws {
        try withFolder { folder in
            let session = try session(ModelWriter.pair(), folder)
            let x = Value.tensor(Tensor([Float](repeating: -1, count: 6), shape: [2, 3]))
            var seen: [String: NodeComparison.Status] = [:]
            try session.compare(with: .provider(ReluProvider()), ["x": x]) { seen[$0.name] = $0.status }
            #expect(seen == ["first": .within, "second": .declined])
        }
    }

    @Test func differencesCountWhatLiesOutside() {
        func tensor(_ values: [Float]) -> Value { .tensor(Tensor(values, shape: [values.count])) }
        let near = Difference(tensor([1, 2.002, 0]), tensor([1, 2, 0]), relative: 1e-2, absolute: 0)
        #expect(near.isWithin)
        #expect(abs(near.absolute - 0.002) < 1e-6)
        #expect(abs(near.relative - 0.001) < 1e-6)
        let one = Difference(tensor([Float(1).nextUp]), tensor([1]), relative: 0, absolute: 0)
        #expect(one.ulps == 1)
        #expect(!one.isWithin)
        let across = Difference(
            tensor([Float.leastNonzeroMagnitude]), tensor([-Float.leastNonzeroMagnitude]), relative: 0, absolute: 1)
        #expect(across.ulps == 2)
        let lost = Difference(tensor([.nan, .nan, 1]), tensor([1, .nan, .nan]), relative: 1, absolute: 1)
        #expect(lost.exceeding == 2)
        #expect(lost.absolute == .infinity)
        // Without a bound, cancelled sums may be off by a share of the greatest number.
        #expect(Difference(tensor([1000, 1e-3]), tensor([1000, 0]), relative: 0, absolute: nil).isWithin)
        #expect(!Difference(tensor([1000, 0.1]), tensor([1000, 0]), relative: 0, absolute: nil).isWithin)
        let whole = Difference(
            .tensor(Tensor([Int64(1), 2], shape: [2])), .tensor(Tensor([Int64(1), 3], shape: [2])), relative: 1,
            absolute: 9)
        #expect(whole.exceeding == 1)
        #expect(whole.ulps == nil)
        let shape = Difference(tensor([1]), tensor([1, 2]), relative: 1, absolute: 1)
        #expect(shape.problem?.contains("shape") == true || shape.problem?.contains("[2]") == true)
    }
}
