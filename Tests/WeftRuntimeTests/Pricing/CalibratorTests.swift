import Testing
import WeftCPU
import WeftPlacement
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

@testable import WeftInterpreter
@testable import WeftPlanning
@testable import WeftRuntime

/// What a calibration measures, in which order, and what it makes of it.
@Suite struct CalibratorTests {
    /// Runs one operator of the host's.
    private struct Only: Provider {
        let name = "only"
        let opType: String
        let host = CPUProvider()
        var rows: [SupportRow] { host.rows.filter { $0.opType == opType } }
        func devices() -> (found: [DeviceDescription], unavailable: String?) { ([description], nil) }
        var description: DeviceDescription {
            DeviceDescription(id: name, name: "one operator", provider: name, kind: .host)
        }
        func open(_ device: DeviceDescription) throws(WeftError) -> any Device { HostDevice(device, provider: host) }
    }

    /// Seconds that pass with every look at them, the later the more: probes take longer than what starting took.
    private final class Clock {
        private var seconds = 0.0
        private var step = 0.001
        func now() -> Double {
            seconds += step
            step *= 1.03
            return seconds
        }
    }

    private func reference() throws -> EngineDevice {
        let provider = CPUProvider()
        return EngineDevice(
            provider: provider, description: CPUProvider.device, device: try provider.open(CPUProvider.device),
            rates: .nominal(CPUProvider.device, threads: 1))
    }

    private func rates(
        threads: Int, _ rate: Double, memory: RateCurve? = RateCurve(4), upload: MeasuredRates.Link? = nil
    ) -> MeasuredRates {
        MeasuredRates(
            threads: threads, throughput: ["gemm": ["float32": RateCurve(rate)]], memory: memory,
            launch: .init(seconds: 0.1, spread: nil, samples: 1), segment: .init(seconds: 0, spread: 0, samples: 3),
            upload: upload)
    }

    @Test func ratesOfThreadsThatWereNotTriedFollowThoseThatWere() throws {
        let bandwidth: [DeviceMeasurement.Bandwidth] = [
            .init(threads: 1, bytesPerSecond: 4), .init(threads: 4, bytesPerSecond: 8),
        ]
        let source = RateSource.calibrated(on: "a day")
        let alone = DeviceMeasurement(rates: [rates(threads: 1, 10)], memoryOverThreads: bandwidth)
        let scaled = try #require(alone.rates(CPUProvider.device, threads: 4, source: source))
        #expect(scaled.throughput[.gemm]?[.float32]?.peak == 40)
        #expect(scaled.memory.peak == 8)
        #expect(scaled.origin == "calibrated (a day), scaled from 1 thread")
        // Four threads do twice the work of one, so that two do the square root of two of it.
        let both = DeviceMeasurement(
            rates: [rates(threads: 1, 10), rates(threads: 4, 20)], memoryOverThreads: bandwidth)
        let between = try #require(both.rates(CPUProvider.device, threads: 2, source: source))
        #expect(abs((between.throughput[.gemm]?[.float32]?.peak ?? 0) - 10 * 2.0.squareRoot()) < 1e-9)
        #expect(abs(between.memory.peak - 4 * 2.0.squareRoot()) < 1e-9)
        let exact = try #require(both.rates(CPUProvider.device, threads: 4, source: source))
        #expect(exact.throughput[.gemm]?[.float32]?.peak == 20)
        #expect(exact.scaledFrom == nil)
    }

    @Test func whatWasNotMeasuredIsTakenAsNominalAndSaysSo() throws {
        let device = DeviceDescription(
            id: "d", name: "d", provider: "d", kind: .discrete, memorySpace: "d", unifiedMemory: false)
        let source = RateSource.calibrated(on: "a day")
        let bare = try #require(rates(threads: 1, 10, memory: nil).rates(device, source: source))
        #expect(bare.assumed == [.memory, .upload, .download])
        #expect(bare.memory == DeviceRates.nominal(device, threads: 1).memory)
        let shared = MeasuredRates.Link(latencySeconds: 1e-6, bytesPerSecond: nil, spread: nil, samples: 1)
        let linked = try #require(rates(threads: 1, 10, upload: shared).rates(device, source: source))
        #expect(linked.upload?.seconds(bytes: 1 << 30) == 1e-6)
        let broken = MeasuredRates.Link(latencySeconds: 1e-6, bytesPerSecond: -1, spread: nil, samples: 1)
        #expect(rates(threads: 1, 10, upload: broken).rates(device, source: source) == nil)
    }

    @Test func aCalibrationFindsRatesThroughTheContract() throws {
        let provider = CPUProvider()
        let calibrator = Calibrator(provider, device: try provider.open(CPUProvider.device), secondsPerProbe: 0)
        let measured = try calibrator.measure(threads: 1, pool: { WorkerPool(threads: $0) })
        let rates = try #require(measured.rates.first)
        #expect(rates.throughput["gemm"]?["float32"] != nil)
        #expect(rates.throughput["reference"] != nil)
        #expect(rates.memory != nil && rates.memoryBy == nil)
        #expect(rates.upload == nil)
        #expect(rates.probes.measured == rates.probes.offered)
        #expect(measured.memoryOverThreads.map(\.threads) == [1])
        #expect(rates.rates(CPUProvider.device, source: .calibrated(on: "a day")) != nil)
    }

    @Test func aDeviceWithoutAKernelForItHasItsMemoryMeasuredByAnother() throws {
        let only = Only(opType: "MatMul")
        let device = try only.open(only.description)
        func measure(_ memory: EngineDevice?) throws -> DeviceMeasurement {
            try Calibrator(only, device: device, memory: memory, secondsPerProbe: 0)
                .measure(threads: 1, pool: { WorkerPool(threads: $0) })
        }
        let helped = try measure(try reference())
        #expect(helped.rates.first?.memory != nil)
        #expect(helped.rates.first?.memoryBy == "cpu")
        #expect(helped.memoryOverThreads.count == 1)
        let alone = try measure(nil)
        #expect(alone.rates.first?.memory == nil)
        #expect(alone.memoryOverThreads.isEmpty)
    }

    @Test func whereTimeIsShortTheMostTellingProbesAreMeasured() throws {
        let provider = CPUProvider()
        let clock = Clock()
        let calibrator = Calibrator(
            provider, device: try provider.open(CPUProvider.device), secondsPerProbe: 0, now: clock.now)
        let measured = try calibrator.measure(threads: 1, seconds: 1, pool: { WorkerPool(threads: $0) })
        let rates = try #require(measured.rates.first)
        #expect(rates.probes.measured > 0)
        #expect(rates.probes.measured < rates.probes.offered)
        #expect(rates.throughput["gemm"]?["float32"] != nil)
    }

    @Test func probesOfAllFamiliesComeBeforeAnybodysOtherSizes() throws {
        let provider = CPUProvider()
        let plan = ProbePlan(ProbeTable.all) { view in
            guard case .variants(let found) = provider.support(view, on: CPUProvider.device) else { return [] }
            return found
        }
        let families = Set(plan.items.map(\.probe.family))
        var first: Set<String> = []
        for item in plan.items where first.count < families.count {
            if !first.insert(item.probe.family).inserted {
                // Only for another class of rate of the same probe.
                #expect(item.order[0] == 0)
            }
        }
        #expect(first == families)
        #expect(plan.items.map { $0.order[0] } == plan.items.map { $0.order[0] }.sorted())
    }

    @Test func aDeviceWithMemoryOfItsOwnHasLinks() throws {
        let provider = SeparateMemoryProvider("apart", host: CPUProvider())
        let description = try #require(provider.devices().found.first)
        let calibrator = Calibrator(provider, device: try provider.open(description), secondsPerProbe: 0)
        let measured = try calibrator.measure(threads: 1, seconds: 0, pool: { WorkerPool(threads: $0) })
        let rates = try #require(measured.rates.first)
        #expect(measured.rates.count == 1 && measured.memoryOverThreads.isEmpty)
        for link in [rates.upload, rates.download] {
            let link = try #require(link)
            #expect(link.latencySeconds >= 0 && link.samples >= 9)
        }
    }

    @Test func differencesAreOfPairs() throws {
        var now = 0.0
        var drift = 0.0
        let timer = ProbeTimer(now: { now })
        // The machine grows slower from pair to pair, which is no part of the difference.
        let found = try timer.difference(
            budget: 0, least: 9,
            of: { () throws(WeftError) in
                now += 0.003 + drift
                drift += 0.01
            }, over: { () throws(WeftError) in now += 0.001 + drift })
        #expect(found.count >= 3)
        #expect(abs(found.seconds - 0.002) < 1e-9)
        #expect(found.noise < 1e-9)
        let long = try #require(try timer.sample(budget: 0.001) { () throws(WeftError) in now += 10 })
        #expect(long.count == 1 && long.spread == nil && long.median == 10)
    }
}
