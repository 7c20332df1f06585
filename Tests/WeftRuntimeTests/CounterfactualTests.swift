import Testing
import WeftCPU
import WeftExecution
import WeftGraph
import WeftProvider
import WeftProviderTesting

@testable import WeftInterpreter
@testable import WeftPlanning
@testable import WeftRuntime

/// What a plan would gain by an operator, and the course that it predicts.
struct CounterfactualTests {
    private static let width = 512

    /// Products with a Tanh behind each.
    private func graph(_ layers: Int) throws -> Graph {
        var builder = GraphBuilder(name: "layers")
        let width = Self.width
        var value = builder.value(
            "x", type: .tensor(.float32, .fixed([64, width])), dimensions: [.fixed(64), .fixed(width)])
        builder.inputs = [value]
        for layer in 0..<layers {
            let weights = Tensor((0..<width * width).map { Float($0 % 7) / 100 }, shape: [width, width])
            let weight = builder.constant(ConstantFactory.constant(weights))
            let (product, bent) = (builder.value("p\(layer)"), builder.value("h\(layer)"))
            try builder.append(
                NodeDraft("MatMul", name: "product", inputs: [value, weight], outputs: [product]), opset: 20)
            try builder.append(NodeDraft("Tanh", name: "bend", inputs: [product], outputs: [bent]), opset: 20)
            value = bent
        }
        builder.outputs = [value]
        return builder.build()
    }

    private func engine(_ graph: Graph, declining opType: String) throws -> Engine {
        let cpu = CPUProvider()
        let card = SeparateMemoryProvider("card", host: cpu) { $0.opType != opType }
        let devices = try [card, cpu as any Provider].map { provider in
            let description = try #require(provider.devices().found.first)
            return EngineDevice(
                provider: provider, description: description, device: try provider.open(description),
                rates: DeviceRates.nominal(description, threads: 1))
        }
        return try Engine(
            graph, devices: devices, reference: cpu, pool: WorkerPool(threads: 1),
            options: EngineOptions(rules: PlacementRules(mode: .cost)))
    }

    private let input = [Value.tensor(Tensor([Float](repeating: 0.5, count: 64 * width), shape: [64, width]))]

    @Test func theMissingOperatorSavesWhatHavingItSaves() throws {
        let graph = try graph(3)
        let without = try engine(graph, declining: "Tanh")
        let found = try without.counterfactuals(for: input)
        let first = try #require(found.first)
        #expect(first.device == "card")
        #expect(first.opType == "Tanh")
        #expect(first.nodes == 3)
        #expect(first.declines.count == 1)
        let plan = try #require(try without.plan(for: input).report.comparison)
        #expect(abs(first.seconds + first.saving - plan.chosen) < 1e-12)
        let with = try engine(graph, declining: "nothing")
        let better = try #require(try with.plan(for: input).report.comparison)
        #expect(better.chosen < plan.chosen)
        #expect(abs(first.seconds - better.chosen) < 0.05 * better.chosen)
        #expect(try with.counterfactuals(for: input).allSatisfy { $0.opType != "Tanh" || $0.device != "card" })
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.saving >= $1.saving })
    }

    @Test func aPlanIsAsItWasAfterTheQuestion() throws {
        let engine = try engine(graph(2), declining: "Tanh")
        let before = try engine.plan(for: input).report.entries.map(\.device)
        _ = try engine.counterfactuals(for: input)
        #expect(try engine.plan(for: input).report.entries.map(\.device) == before)
        #expect(engine.planCount == 1)
    }

    @Test func theCourseCoversEveryNodeOnceAndEndsWithThePlan() throws {
        let report = try engine(graph(3), declining: "Tanh").plan(for: input).report
        let comparison = try #require(report.comparison)
        #expect(report.timedSegments.flatMap(\.nodes).sorted() == Array(report.entries.indices))
        #expect(abs((report.timedSegments.map(\.end).max() ?? 0) - comparison.chosen) < 1e-9)
        for (earlier, later) in zip(report.timedSegments, report.timedSegments.dropFirst()) {
            #expect(earlier.start <= earlier.end)
            #expect(later.start >= earlier.end - 1e-12)
        }
        #expect(Set(report.timedSegments.map(\.device)) == ["card", "cpu"])
        #expect(!report.timedTransfers.isEmpty)
        for transfer in report.timedTransfers {
            #expect(transfer.seconds > 0)
            #expect(transfer.bytes == 64 * Self.width * 4)
            if let maker = transfer.maker { #expect(transfer.start >= report.timedSegments[maker].start - 1e-12) }
            if let reader = transfer.reader {
                #expect(transfer.start + transfer.seconds <= report.timedSegments[reader].end + 1e-12)
            }
            if let maker = transfer.maker, let reader = transfer.reader { #expect(maker < reader) }
        }
    }
}
