import Testing
import WeftProvider

@Suite struct SignalTests {
    @Test(arguments: [1, 2, 7, 8]) func transformsAreUndoneByTheirInverse(_ length: Int) throws {
        var noise = Noise(21)
        let x = noise.floats([2, length, 3, 2])
        let axis = Tensor(scalar: Int64(1))
        let spectrum = try CaseRunner()("DFT", [x, nil, axis])[0]
        let back = try CaseRunner()("DFT", [spectrum, nil, axis], ["inverse": .int(1)])[0]
        #expect(try back.distance(to: try x.doubles()) < 1e-6)
        let real = noise.floats([2, length, 3, 1])
        let half = try CaseRunner()("DFT", [real, nil, axis], ["onesided": .int(1)])[0]
        #expect(half.shape == [2, length / 2 + 1, 3, 2])
        let whole = try CaseRunner()(
            "DFT", [half, Tensor(scalar: Int64(length)), axis], ["onesided": .int(1), "inverse": .int(1)])[0]
        #expect(whole.shape == real.shape)
        #expect(try whole.distance(to: try real.doubles()) < 1e-6)
    }

    @Test func transformsOfKnownSignalsAreKnown() throws {
        let x = Tensor([0, 1, 0, -1] as [Float], shape: [1, 4, 1])
        let y = try CaseRunner()("DFT", [x])[0]
        #expect(try y.distance(to: [0, 0, 0, -2, 0, 0, 0, 2]) < 1e-6)
        let padded = try CaseRunner()("DFT", [Tensor([1] as [Float], shape: [1, 1, 1]), Tensor(scalar: Int64(3))])[0]
        #expect(try padded.distance(to: [1, 0, 1, 0, 1, 0]) < 1e-6)
    }

    @Test func transformsOfNothingAreRefused() throws {
        let x = Tensor([1, 2] as [Float], shape: [1, 2, 1])
        for (length, axis) in [(0, 1), (-4, 1), (4, 2), (4, 5)] as [(Int64, Int64)] {
            #expect(throws: WeftError.self) {
                try CaseRunner()("DFT", [x, Tensor(scalar: length), Tensor(scalar: axis)])
            }
        }
    }

    @Test(
        arguments: [
            ("HannWindow", [0, 0.5, 1, 0.5]), ("HammingWindow", [4.0 / 46, 25.0 / 46, 1, 25.0 / 46]),
            ("BlackmanWindow", [0, 0.34, 1, 0.34]),
        ] as [(String, [Double])])
    func windowsRiseAndFall(_ opType: String, _ expected: [Double]) throws {
        let periodic = try CaseRunner()(opType, [Tensor(scalar: Int64(4))])[0]
        #expect(try periodic.distance(to: expected) < 1e-6)
        let symmetric = try CaseRunner()(opType, [Tensor(scalar: Int32(5))], ["periodic": .int(0)])[0]
        #expect(try symmetric.distance(to: expected + [expected[0]]) < 1e-6)
    }

    @Test func cachesTakeUpdatesAtPositionsOfTheirOwn() throws {
        let cache = Tensor([Float](repeating: 0, count: 8), shape: [2, 4, 1])
        let update = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2, 1])
        let positions = Tensor([1, 2] as [Int64], shape: [2])
        let linear = try CaseRunner()("TensorScatter", [cache, update, positions])[0]
        #expect(try linear.doubles() == [0, 1, 2, 0, 0, 0, 3, 4])
        let late = Tensor([3, 7] as [Int64], shape: [2])
        let circular = try CaseRunner()("TensorScatter", [cache, update, late], ["mode": .string("circular")])[0]
        #expect(try circular.doubles() == [2, 0, 0, 1, 4, 0, 0, 3])
        #expect(throws: WeftError.self) { try CaseRunner()("TensorScatter", [cache, update, late]) }
    }

    @Test func tensorsAreCroppedAndPaddedAboutTheirCentre() throws {
        let x = Tensor((1...10).map { Float($0) }, shape: [2, 5])
        let y = try CaseRunner()("CenterCropPad", [x, Tensor([4, 3] as [Int64], shape: [2])])[0]
        #expect(try y.doubles() == [0, 0, 0, 2, 3, 4, 7, 8, 9, 0, 0, 0])
        let one = try CaseRunner()("CenterCropPad", [x, Tensor([2] as [Int64], shape: [1])], ["axes": .ints([-1])])[0]
        #expect(try one.doubles() == [2, 3, 7, 8])
        for bad in [[-1, 2], [1]] as [[Int64]] {
            #expect(throws: WeftError.self) {
                try CaseRunner()("CenterCropPad", [x, Tensor(bad, shape: [bad.count])])
            }
        }
    }
}
