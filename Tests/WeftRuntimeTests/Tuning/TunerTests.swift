import Testing
import WeftCPU
import WeftExecution
import WeftGraph
import WeftProvider
import WeftProviderTesting

@testable import WeftPlanning
@testable import WeftRuntime

/// What tuning measures of a whole plan: nodes, what crosses, what starting takes.
@Suite struct TunerTests {
    private func engine(_ provider: any Provider, _ graph: Graph, _ mode: PlacementRules.Mode) throws -> Engine {
        let devices = try [provider, CPUProvider()].map { provider in
            let description = try #require(provider.devices().found.first)
            return EngineDevice(
                provider: provider, description: description, device: try provider.open(description),
                rates: DeviceRates.nominal(description, threads: 1))
        }
        return try Engine(
            graph, devices: devices, reference: CPUProvider(), pool: RandomPlacementTests.pool,
            options: EngineOptions(rules: PlacementRules(mode: mode)))
    }

    /// A device runs the middle of three nodes, so that a value of one size goes there and one of another comes back.
    private func model() throws -> DraftModel {
        var model = DraftModel(1)
        let x = model.input([4, 6])
        let near = try model.op("Sigmoid", [x])
        let far = try model.op("MatMul", [near, model.weight([6, 2])])
        model.builder.outputs = [try model.op("Sigmoid", [far])]
        return model
    }

    private func tune(_ engine: Engine, _ model: DraftModel) throws -> Tuning {
        var options = TuningOptions()
        options.measuring = 0
        options.racing = 0
        return try engine.tune(model.inputs, options: options) { _ in }
    }

    @Test func whatCrossesToAUnifiedDeviceHasAMeasuredPrice() throws {
        let model = try model()
        let far = SeparateMemoryProvider(
            "far", host: CPUProvider(), simulation: Simulation(isUnified: true), runs: { $0.opType == "MatMul" })
        let engine = try engine(far, model.builder.build(), .preference)
        let tuning = try tune(engine, model)
        #expect(
            Set(tuning.tuned.transfers.keys) == [
                .init(device: "far", isUpload: true, bytes: 96), .init(device: "far", isUpload: false, bytes: 32),
            ])
        let transfers = tuning.plan.report.transfers
        #expect(transfers.count == 2)
        for transfer in transfers {
            #expect(transfer.price.source == .tuned)
            #expect(transfer.price.samples ?? 0 > 0)
        }
        let rates = try #require(tuning.plan.report.rates.first { $0.device == "far" }).rates
        #expect(rates.tunedSegment?.source == .tuned || tuning.plan.segments.count == 3)
        // What was measured is kept in the plan's file, and the same from there.
        let document = try engine.document(for: model.inputs, tuned: tuning.tuned)
        #expect(document.tuned.transfers == tuning.tuned.transfers)
        let again = try #require(engine.devices.first).tuned(by: document.tuned)
        #expect(
            again.transferPrice(96, isUpload: true)
                == tuning.tuned.transfers[.init(device: "far", isUpload: true, bytes: 96)])
        #expect(again.transferPrice(100, isUpload: true).source == .nominal)
    }

    @Test func aDeviceThatDoesNotReportItsCopiesKeepsThePricesOfItsRates() throws {
        let model = try model()
        let far = SeparateMemoryProvider(
            "far", host: CPUProvider(), simulation: Simulation(), runs: { $0.opType == "MatMul" })
        let tuning = try tune(try engine(far, model.builder.build(), .preference), model)
        #expect(tuning.tuned.transfers.isEmpty)
        #expect(tuning.plan.report.transfers.map(\.price.source) == [.nominal, .nominal])
    }

    @Test func byCostAPlanOfADeviceThatIsSlowLosesToTheHost() throws {
        let model = try model()
        let far = SeparateMemoryProvider(
            "far", host: CPUProvider(), simulation: Simulation(seconds: { _ in 0.02 }),
            runs: { $0.opType == "MatMul" })
        let tuning = try tune(try engine(far, model.builder.build(), .cost), model)
        let kept = tuning.rivals[tuning.winner]
        #expect(([kept.name] + kept.alsoKnownAs).contains("host-only"))
        #expect(tuning.plan.report.transfers.isEmpty)
    }
}
