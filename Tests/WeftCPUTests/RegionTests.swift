import Testing
import WeftProvider

@Suite struct RegionTests {
    private let ramp = Tensor((0..<16).map { Float($0) }, shape: [1, 1, 4, 4])

    @Test func binsOfARampAreItsMeans() throws {
        let boxes = Tensor([0, 0, 4, 4] as [Float], shape: [1, 4])
        let image = Tensor([0] as [Int64], shape: [1])
        let size: [String: Attribute] = ["output_height": .int(2), "output_width": .int(2), "sampling_ratio": .int(2)]
        let aligned = try CaseRunner()("RoiAlign", [ramp, boxes, image], size)[0]
        #expect(aligned.shape == [1, 1, 2, 2])
        #expect(try aligned.distance(to: [2.5, 4.5, 10.5, 12.5]) < 1e-6)
        // Before operator set 16 there was no shift by half an element: the last samples hang over the edge.
        let old = try CaseRunner()("RoiAlign", [ramp, boxes, image], size, opset: 10)[0]
        #expect(try old.doubles()[0] == 5)
    }

    @Test func boxesOfImagesThatAreNotThereAreRefused() throws {
        let boxes = Tensor([0, 0, 4, 4] as [Float], shape: [1, 4])
        for image in [-1, 1, Int64.max] {
            #expect(throws: WeftError.self) {
                try CaseRunner()("RoiAlign", [ramp, boxes, Tensor([image], shape: [1])])
            }
            let pooled = Tensor([Float(image), 0, 0, 3, 3], shape: [1, 5])
            #expect(throws: WeftError.self) {
                try CaseRunner()("MaxRoiPool", [ramp, pooled], ["pooled_shape": .ints([2, 2])])
            }
        }
        for wild in [Float.nan, .infinity, 1e30] {
            let boxes = Tensor([0, 0, wild, 4] as [Float], shape: [1, 4])
            #expect(throws: WeftError.self) {
                try CaseRunner()("RoiAlign", [ramp, boxes, Tensor([0] as [Int64], shape: [1])])
            }
        }
    }

    @Test func greatestElementsOfBins() throws {
        let boxes = Tensor([0, 0, 0, 3, 3, 0, 1, 1, 1, 1, 0, 9, 9, 9, 9] as [Float], shape: [3, 5])
        let y = try CaseRunner()("MaxRoiPool", [ramp, boxes], ["pooled_shape": .ints([2, 2])])[0]
        #expect(try y.doubles() == [5, 7, 13, 15, 5, 5, 5, 5, 0, 0, 0, 0])
    }

    @Test func unpoolingUndoesPooling() throws {
        let window: [String: Attribute] = ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]
        let pooled = try CaseRunner()("MaxPool", [ramp], window, outputs: 2)
        let back = try CaseRunner()("MaxUnpool", [pooled[0], pooled[1]], window)[0]
        #expect(try back.doubles() == [0, 0, 0, 0, 0, 5, 0, 7, 0, 0, 0, 0, 0, 13, 0, 15])
        let outside = Tensor([0, 1, 2, 16] as [Int64], shape: [1, 1, 2, 2])
        #expect(throws: WeftError.self) { try CaseRunner()("MaxUnpool", [pooled[0], outside], window) }
    }

    @Test func offsetsOfWholeElementsShiftAConvolution() throws {
        let weight = Tensor([1] as [Float], shape: [1, 1, 1, 1])
        var offsets = [Float](repeating: 0, count: 32)
        for index in 16..<32 { offsets[index] = 1 }
        let y = try CaseRunner()("DeformConv", [ramp, weight, Tensor(offsets, shape: [1, 2, 4, 4])])[0]
        #expect(try y.doubles() == [1, 2, 3, 0, 5, 6, 7, 0, 9, 10, 11, 0, 13, 14, 15, 0])
        let half = Tensor([Float](repeating: 0.5, count: 32), shape: [1, 2, 4, 4])
        let between = try CaseRunner()("DeformConv", [ramp, weight, half])[0]
        #expect(try between.doubles()[0] == 2.5)
    }

    @Test func layingWindowsBackAddsWhereTheyOverlap() throws {
        let columns = Tensor([Float](repeating: 1, count: 16), shape: [1, 4, 4])
        let y = try CaseRunner()(
            "Col2Im", [columns, Tensor([3, 3] as [Int64], shape: [2]), Tensor([2, 2] as [Int64], shape: [2])])[0]
        #expect(try y.doubles() == [1, 2, 1, 2, 4, 2, 1, 2, 1])
    }

    @Test func determinantsNeedTheirPivots() throws {
        let x = Tensor([0, 2, 3, 4, 1, 2, 2, 4] as [Float], shape: [2, 2, 2])
        #expect(try CaseRunner()("Det", [x])[0].doubles() == [-6, 0])
        let empty = try CaseRunner()("Det", [Tensor([] as [Float], shape: [2, 0, 0])])[0]
        #expect(try empty.doubles() == [1, 1])
    }
}
