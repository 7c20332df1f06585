import Testing
import WeftCPU
import WeftProvider

@testable import WeftPlanning
@testable import WeftRuntime

/// Curves, samples and ratios: what prices are made of.
@Suite struct PriceTests {
    @Test func aCurveRunsThroughItsPoints() throws {
        let curve = try #require(
            RateCurve([.init(size: 100, rate: 10, spread: 0.1), .init(size: 1, rate: 1, spread: 0.3)]))
        #expect(curve.point(at: 1).rate == 1)
        #expect(curve.point(at: 100).rate == 10)
        #expect(abs(curve.point(at: 10).rate - 10.0.squareRoot()) < 1e-9)
        #expect(abs((curve.point(at: 10).spread ?? 0) - 0.2) < 1e-9)
        #expect(curve.point(at: 0.001).rate == 1)
        #expect(curve.point(at: 1e9).rate == 10)
    }

    @Test func aCurveRefusesFiguresThatNoDeviceHas() {
        #expect(RateCurve([RateCurve.Point]()) == nil)
        #expect(RateCurve([.init(size: 1, rate: 0), .init(size: -1, rate: 1), .init(size: .nan, rate: 1)]) == nil)
        #expect(RateCurve([.init(size: 1, rate: .infinity), .init(size: 2, rate: 3)])?.points.count == 1)
    }

    @Test func aSampleIsItsMiddle() throws {
        let sample = try #require(Sample([4, 1, 3, 2, 100]))
        #expect(sample.median == 3)
        #expect(abs((sample.spread ?? 0) - (4.0 - 2.0) / 2 / 3) < 1e-12)
        #expect(Sample([]) == nil)
    }

    @Test func tooFewMeasurementsHaveNoSpread() throws {
        let two = try #require(Sample([1, 3]))
        #expect(two.spread == nil && two.median == 2 && two.count == 2)
        #expect(try #require(Sample([5])).spread == nil)
        #expect(try #require(Sample([0, 0, 0])).spread == 0)
        let price = try #require(Price(meanOf: [[2], [4]]))
        #expect(price.seconds == 3 && price.spread == nil && price.samples == 2 && price.source == .tuned)
        #expect(Price(meanOf: []) == nil)
    }

    @Test func aRatioHoldsItsMedianWithinOrderStatistics() throws {
        let base = [Double](repeating: 2, count: 20)
        let measured = (0..<20).map { 2.0 + Double($0) * 0.01 }
        let ratio = try #require(PairedRatio(measured, to: base))
        #expect(abs(ratio.median - 1.0475) < 1e-9)
        // Of 20 pairs the sixth from either end: 2 · P(Binomial(20, 1/2) ≤ 5) = 4.1 %.
        #expect(abs(ratio.low - measured[5] / 2) < 1e-12)
        #expect(abs(ratio.high - measured[14] / 2) < 1e-12)
        let few = try #require(PairedRatio([1, 3], to: [1, 1]))
        #expect(few.low == 1)
        #expect(few.high == 3)
    }

    @Test func workIsArithmeticOrMemoryWhicheverTakesLonger() {
        let rates = DeviceRates(
            throughput: [.gemm: [.float32: RateCurve(100), .float16: RateCurve(10)]], memory: RateCurve(50),
            launch: 0.5, segment: 0, source: .calibrated(on: "a day"))
        #expect(rates.price(Work(.gemm, flops: 1000, bytes: 50)).seconds == 10.5)
        #expect(rates.price(Work(.gemm, flops: 100, bytes: 500)).seconds == 10.5)
        #expect(rates.price(Work(.gemm, flops: 1000, bytes: 50), .float16).seconds == 100.5)
        // A type that was not measured takes float32's curve.
        #expect(rates.price(Work(.gemm, flops: 1000, bytes: 50), .float64).seconds == 10.5)
        #expect(rates.price(Work(.gemm, flops: 1000, bytes: 50)).source == .calibrated)
    }

    @Test func keysTellNodesApartByWhatTheyCost() {
        func node(_ name: String, _ shape: [Int], _ axis: Int64) -> NodeView {
            NodeView(
                id: name.count, name: name, opType: "Softmax",
                inputs: [Operand(value: name.count, type: .tensor(.float32, .fixed(shape)))],
                outputs: [Operand(value: 100, type: .tensor(.float32, .fixed(shape)), layout: .nhwc)],
                attributes: ["axis": .int(axis)])
        }
        #expect(NodeKey(node("a", [2, 3], 1)) == NodeKey(node("other", [2, 3], 1)))
        #expect(NodeKey(node("a", [2, 3], 1)) != NodeKey(node("a", [2, 4], 1)))
        #expect(NodeKey(node("a", [2, 3], 1)) != NodeKey(node("a", [2, 3], 0)))
    }

    @Test func aPriceIsAsSureAsTheFigureThatItRestsOn() {
        var rates = DeviceRates(
            throughput: [.gemm: [.float32: RateCurve(100)]], memory: RateCurve(50), launch: 0.5, segment: 0,
            source: .calibrated(on: "a day"))
        rates.assumed = [.memory, .launch]
        #expect(rates.price(Work(.gemm, flops: 1000, bytes: 50)).source == .calibrated)
        #expect(rates.price(Work(.gemm, flops: 100, bytes: 500)).source == .nominal)
        #expect(rates.price(Work(.gemm, flops: 10, bytes: 0)).source == .nominal)
        #expect(rates.origin == "calibrated (a day), but launch, memory nominal")
    }
}
