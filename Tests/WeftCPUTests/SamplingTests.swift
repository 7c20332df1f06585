import Testing
import WeftProvider

@Suite struct SamplingTests {
    private static let x = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [1, 1, 2, 3])

    private func sample(_ points: [Float], _ attributes: [String: Attribute]) throws -> [Double] {
        try CaseRunner()("GridSample", [Self.x, Tensor(points, shape: [1, 1, points.count / 2, 2])], attributes)[0]
            .doubles()
    }

    @Test func gridsAddressCornersAndWhatLiesBetween() throws {
        let corners = ["align_corners": Attribute.int(1)]
        #expect(try sample([-1, -1, 1, -1, -1, 1, 0, 0, 0.5, -1], corners) == [1, 3, 4, 3.5, 2.5])
        #expect(try sample([-1, -1, 0, 0], [:]) == [0.25, 3.5])
        for mode in ["nearest", "linear", "cubic"] {
            let found = try sample([-1, -1, 0, 1], ["align_corners": .int(1), "mode": .string(mode)])
            #expect(try Tensor(found, shape: [2]).distance(to: [1, 5]) < 1e-6)
        }
    }

    @Test(arguments: [("zeros", [0, 0]), ("border", [1, 6]), ("reflection", [3, 4])] as [(String, [Double])])
    func positionsOutsideAreFilledAsAsked(_ padding: String, _ expected: [Double]) throws {
        let found = try sample(
            [-3, -1, 3, 1], ["align_corners": .int(1), "padding_mode": .string(padding), "mode": .string("nearest")])
        #expect(found == expected)
    }

    @Test(arguments: ["zeros", "border", "reflection"]) func absurdPositionsAreSurvived(_ padding: String) throws {
        for mode in ["nearest", "linear", "cubic"] {
            let found = try sample(
                [.nan, .infinity, -.infinity, 1e30], ["padding_mode": .string(padding), "mode": .string(mode)])
            #expect(found.count == 2)
        }
    }

    @Test func overlappingBoxesGiveWayToBetterOnes() throws {
        let boxes = Tensor(
            [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, 10, 1, 11, 1, 11.05, 0, 10.05] as [Float], shape: [1, 4, 4])
        let scores = Tensor([0.9, 0.75, 0.6, 0.95] as [Float], shape: [1, 1, 4])
        func keep(_ limit: Int64, _ threshold: Float?) throws -> [Int64] {
            var inputs: [Value?] = [.tensor(boxes), .tensor(scores), .tensor(Tensor([limit], shape: [1]))]
            inputs.append(.tensor(Tensor([Float(0.5)], shape: [1])))
            if let threshold { inputs.append(.tensor(Tensor([threshold], shape: [1]))) }
            return try CaseRunner().values("NonMaxSuppression", inputs)[0]?.tensor?.array(as: Int64.self) ?? []
        }
        #expect(try keep(3, nil) == [0, 0, 3, 0, 0, 0])
        #expect(try keep(1, nil) == [0, 0, 3])
        #expect(try keep(3, 0.92) == [0, 0, 3])
        #expect(try keep(-1, nil) == [])
    }
}
