import Testing
import WeftProvider

@Suite struct RandomTests {
    private let shape: Attribute = .ints([1000])

    @Test func aSeedGivesTheSameNumbersEveryTime() throws {
        let seeded: [String: Attribute] = ["shape": shape, "seed": .float(7)]
        for operation in ["RandomNormal", "RandomUniform"] {
            let once = try CaseRunner()(operation, [], seeded)[0].doubles()
            #expect(try CaseRunner()(operation, [], seeded)[0].doubles() == once)
            #expect(try CaseRunner()(operation, [], ["shape": shape])[0].doubles() != once)
        }
    }

    @Test func uniformNumbersLieBetweenTheirBounds() throws {
        let x = try CaseRunner()(
            "RandomUniform", [], ["shape": shape, "low": .float(-2), "high": .float(6), "seed": .float(1)])[0].doubles()
        #expect(x.allSatisfy { $0 >= -2 && $0 <= 6 })
        #expect((x.reduce(0, +) / 1000 - 2).magnitude < 0.3)
    }

    @Test func normalNumbersHaveTheirMeanAndSpread() throws {
        let like = Tensor([Float](repeating: 0, count: 1000), shape: [10, 100])
        let y = try CaseRunner()(
            "RandomNormalLike", [like], ["mean": .float(3), "scale": .float(2), "seed": .float(5)])[0]
        #expect(y.shape == [10, 100])
        let x = try y.doubles()
        let mean = x.reduce(0, +) / 1000
        let spread = (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1000).squareRoot()
        #expect((mean - 3).magnitude < 0.2 && (spread - 2).magnitude < 0.2)
    }

    @Test func certaintiesAreNoMatterOfChance() throws {
        let x = Tensor([0, 1, 0, 1] as [Float], shape: [4])
        #expect(try CaseRunner()("Bernoulli", [x])[0].doubles() == [0, 1, 0, 1])
        let scores = Tensor([-1e30, 0, -1e30, 5, -1e30, -1e30] as [Float], shape: [2, 3])
        let drawn = try CaseRunner()("Multinomial", [scores], ["sample_size": .int(4), "dtype": .int(7)])[0]
        #expect(try drawn.doubles() == [1, 1, 1, 1, 0, 0, 0, 0])
    }

    @Test func classesAreDrawnByTheirProbability() throws {
        let scores = Tensor([0, 1.0986123] as [Float], shape: [1, 2])
        let drawn = try CaseRunner()("Multinomial", [scores], ["sample_size": .int(2000), "seed": .float(3)])[0]
        #expect((try drawn.doubles().reduce(0, +) / 2000 - 0.75).magnitude < 0.04)
    }

    @Test func dropoutInTrainingKeepsTheMean() throws {
        let x = Tensor([Float](repeating: 1, count: 4000), shape: [4000])
        let y = try CaseRunner()(
            "Dropout", [x, Tensor(scalar: Float(0.25)), Tensor(scalar: true)], ["seed": .int(9)], outputs: 2)
        let (values, mask) = (try y[0].doubles(), try y[1].doubles())
        #expect(zip(values, mask).allSatisfy { $1 == 0 ? $0 == 0 : ($0 - 4.0 / 3).magnitude < 1e-6 })
        #expect((mask.reduce(0, +) / 4000 - 0.75).magnitude < 0.03)
        #expect(throws: WeftError.self) {
            try CaseRunner()("Dropout", [x, Tensor(scalar: Float(1)), Tensor(scalar: true)])
        }
    }
}
