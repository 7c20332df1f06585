import Testing
import WeftProvider
import WeftProviderKit

/// Where elements lie after moves of data.
@Suite struct StridedViewTests {
    private func move(
        _ view: StridedView, _ opType: String, _ shapes: [[Int]], _ attributes: [String: Attribute] = [:],
        output: Int = 0
    ) -> StridedView? {
        let outputs = shapes.enumerated().map { Operand(value: $0 + 1, type: .tensor(.float32, .fixed($1))) }
        let input = Operand(value: 0, type: .tensor(.float32, .fixed(view.shape)))
        return view.after(
            NodeView(id: 0, name: "", opType: opType, inputs: [input], outputs: outputs, attributes: attributes),
            output: output)
    }

    @Test func transposesExchangeStrides() throws {
        let view = try #require(
            move(StridedView(dense: [2, 3, 5]), "Transpose", [[5, 2, 3]], ["perm": .ints([2, 0, 1])]))
        #expect(view.shape == [5, 2, 3] && view.strides == [1, 15, 5] && view.offset == 0)
    }

    @Test func slicesStartLaterAndStepFurther() throws {
        let view = try #require(
            move(
                StridedView(dense: [4, 6]), "Slice", [[2, 2]], ["starts": .ints([1, 3]), "steps": .ints([2, 1])]))
        #expect(view.offset == 9 && view.strides == [12, 1])
    }

    @Test func splitsStartBehindTheirForerunners() throws {
        let shapes = [[2, 3], [2, 1], [2, 4]]
        let view = try #require(move(StridedView(dense: [2, 8]), "Split", shapes, ["axis": .int(-1)], output: 2))
        #expect(view.offset == 4 && view.shape == [2, 4] && view.strides == [8, 1])
    }

    @Test func reshapesCutAndJoinWhatIsWalkedEvenly() throws {
        let turned = try #require(
            move(StridedView(dense: [2, 12, 5]), "Transpose", [[2, 5, 12]], ["perm": .ints([0, 2, 1])]))
        // 12 of step 5 cut in 3 and 4; 2 and 5 do not join.
        let cut = try #require(move(turned, "Reshape", [[2, 1, 5, 3, 4]]))
        #expect(cut.strides[0] == 60 && Array(cut.strides[2...]) == [1, 20, 5])
        #expect(try #require(move(cut, "Reshape", [[2, 5, 12]])).strides == turned.strides)
        #expect(move(turned, "Reshape", [[10, 12]]) == nil)
        #expect(move(turned, "Reshape", [[2, 60]]) == nil)
        #expect(move(turned, "Relu", [[2, 5, 12]]) == nil)
    }

    @Test func matricesBroadcastOverABatch() throws {
        let view = StridedView(dense: [3, 1, 2, 4])
        let matrices = try #require(MatrixView(view, over: [2, 3, 2]))
        #expect(matrices.offsets == [0, 0, 8, 8, 16, 16, 0, 0, 8, 8, 16, 16])
        #expect(matrices.row == 4 && matrices.column == 1)
        #expect(MatrixView(view, over: [2, 2]) == nil && MatrixView(StridedView(dense: [4]), over: []) == nil)
        let node = NodeView(id: 0, name: "", opType: "", inputs: [], outputs: [], attributes: ["m": matrices.attribute])
        #expect(try MatrixView(node, "m") == matrices)
        #expect(throws: WeftError.self) { try MatrixView(node, "n") }
    }
}
