import BlockedProvider
import Testing
import Weft
import WeftProviderKit
import WeftProviderTesting

/// A provider's own layout works beside those of others.
@Suite struct LayoutTests {
    private static let shape = [2, 11, 5, 3]

    /// conv 1x1 -> relu -> add of a constant -> conv 1x1 -> conv 3x3 -> relu -> sigmoid, eleven channels throughout.
    private static let model: [UInt8] = {
        var model = ModelFile()
        let channels = shape[1]
        model.input("x", shape)
        for (index, side) in [(0, 1), (1, 1), (2, 3)] {
            model.constant(
                "w\(index)", noise(channels * channels * side * side, index), shape: [channels, channels, side, side])
        }
        model.constant("b", noise(channels, 9), shape: [channels])
        model.constant("c", noise(shape.elementCount, 4), shape: shape)
        model.node("Conv", ["x", "w0", "b"], ["h0"], name: "first")
        model.node("Relu", ["h0"], ["h1"], name: "bend")
        model.node("Add", ["h1", "c"], ["h2"], name: "sum")
        model.node("Conv", ["h2", "w1"], ["h3"], name: "second")
        model.node("Conv", ["h3", "w2"], ["h4"], name: "third", ints: ["pads": [1, 1, 1, 1]])
        model.node("Relu", ["h4"], ["h5"], name: "bend again")
        model.node("Sigmoid", ["h5"], ["y"], name: "last")
        model.output("y", shape)
        model.output("h2", shape)
        return model.bytes
    }()

    private static let inputs = ["x": Tensor(noise(shape.elementCount, 7), shape: shape)]

    private func outputs(_ session: Session) throws -> [[Float]] {
        let outputs = try session.runSynchronously(Self.inputs)
        return [try outputs["y"].array(), try outputs["h2"].array()]
    }

    @Test(arguments: [PlacementMode.cost, .preference])
    func aLayoutOfItsOwnEqualsThePlainOne(_ placement: PlacementMode) throws {
        var options = SessionOptions()
        options.placement = placement
        let reference = try outputs(try Session(loading: Self.model, providers: [.cpu]))
        let session = try Session(
            loading: Self.model, providers: [.provider(BlockedProvider()), .openBLAS, .cpu].filter(Self.isHere),
            options: options)
        for _ in 0..<2 {
            for (got, want) in zip(try outputs(session), reference) { #expect(isClose(got, want)) }
        }
    }

    private static func isHere(_ choice: ProviderChoice) -> Bool { (try? Session.check([choice])) != nil }

    @Test func conversionsArePlannedWhereLayoutsMeet() throws {
        var options = SessionOptions()
        options.placement = .preference
        let session = try Session(
            loading: Self.model, providers: [.provider(BlockedProvider()), .cpu], options: options)
        let plan = try session.explain(Self.inputs.mapValues { .tensor($0) })
        #expect(plan.nodes.filter { $0.device == "blocked" && $0.nodeCount == 1 }.map(\.name).count == 5)
        let conversions = plan.segments.flatMap(\.nodes).filter { $0.contains("(weft.") }
        // Into blocks before the first convolution and before the second Relu; out of them for h2, for the convolution
        // that is not pointwise, and for Sigmoid. The constant is converted before anything runs.
        #expect(conversions.filter { $0.hasSuffix("to blocked.c8 (weft.ToBLOCKED.C8)") }.count == 2)
        #expect(conversions.filter { $0.hasSuffix("to plain (weft.FromBLOCKED.C8)") }.count == 3)
    }

    /// The same kernels, each alone and on every number of channels round a block, against plain arithmetic.
    @Test(arguments: [1, 7, 8, 9, 17]) func eachConversionIsItsOthersInverse(_ channels: Int) throws {
        let provider = BlockedProvider()
        let device = try provider.open(try #require(provider.devices().found.first))
        let shape = [2, channels, 3, 2]
        let type = ValueType.tensor(.float32, .fixed(shape))
        func conversion(_ id: Int, _ from: Layout, _ to: Layout) -> NodeView {
            NodeView(
                id: id, name: "c\(id)", domain: LayoutConversion.domain,
                opType: LayoutConversion.opType(from: from, to: to),
                inputs: [Operand(value: id, type: type, layout: from)],
                outputs: [Operand(value: id + 1, type: type, layout: to)])
        }
        let x = Tensor(noise(shape.elementCount), shape: shape)
        let results = try NodeRunner(provider, device: device, workers: SerialWorkers()).run(
            [conversion(0, .plain, .blocks), conversion(1, .blocks, .plain)], inputs: [0: .tensor(x)], outputs: [2])
        let got: [Float] = try #require(results[2]?.tensor).array()
        #expect(try got == x.array())
        #expect(Layout.blocks.byteCount(.float32, shape) == 2 * ((channels + 7) / 8) * 6 * 8 * 4)
    }
}
