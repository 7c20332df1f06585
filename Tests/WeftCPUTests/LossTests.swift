import Testing
import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct LossTests {
    private static let scores = Tensor([0.2, 1.5, -0.3, 2, 0, 1] as [Float], shape: [2, 3])

    private static func logs() throws -> [Double] {
        let x = try scores.doubles()
        return (0..<6).map { index in
            x[index] - log((0..<3).reduce(0) { $0 + exp(x[index / 3 * 3 + $1]) })
        }
    }

    @Test(arguments: ["none", "sum", "mean"]) func lossesAreReducedAsAsked(_ reduction: String) throws {
        let logs = try Self.logs()
        let (targets, weights) = ([1, 0], [2, 0.5, 1] as [Float])
        let single = (0..<2).map { -logs[$0 * 3 + targets[$0]] * Double(weights[targets[$0]]) }
        let expected =
            switch reduction {
            case "none": single
            case "sum": [single[0] + single[1]]
            default: [(single[0] + single[1]) / 2.5]
            }
        let target = Tensor(targets.map { Int64($0) }, shape: [2])
        let outputs = try CaseRunner()(
            "SoftmaxCrossEntropyLoss", [Self.scores, target, Tensor(weights, shape: [3])],
            ["reduction": .string(reduction)], outputs: 2)
        #expect(try outputs[0].distance(to: expected) < 1e-6)
        #expect(try outputs[1].distance(to: logs) < 1e-6)
        let plain = try CaseRunner()(
            "NegativeLogLikelihoodLoss",
            [Tensor(logs.map { Float($0) }, shape: [2, 3]), target, Tensor(weights, shape: [3])],
            ["reduction": .string(reduction)])
        #expect(try plain[0].distance(to: expected) < 1e-6)
    }

    @Test func ignoredTargetsCountForNothing() throws {
        let target = Tensor([-5, 2] as [Int32], shape: [2])
        let y = try CaseRunner()("SoftmaxCrossEntropyLoss", [Self.scores, target], ["ignore_index": .int(-5)])[0]
        #expect(try y.distance(to: [-(try Self.logs())[5]]) < 1e-6)
    }

    @Test(arguments: [3, -1] as [Int64]) func targetsThatAreNoClassAreRefused(_ target: Int64) throws {
        let error = #expect(throws: WeftError.self) {
            try CaseRunner()("NegativeLogLikelihoodLoss", [Self.scores, Tensor([0, target], shape: [2])])
        }
        #expect(error?.code == .invalidData)
    }
}
