import Testing
import WeftProvider
import WeftProviderKit

/// What rows, constraints and conditions say about nodes.
@Suite struct SupportTests {
    private struct Nothing: Kernel {}

    private struct Table: Provider {
        let name = "table"
        let rows: [SupportRow]
        func devices() -> (found: [DeviceDescription], unavailable: String?) { ([], "a table runs nowhere") }
        func open(_ device: DeviceDescription) throws(WeftError) -> any Device { HostDevice(device, provider: self) }
    }

    private let device = DeviceDescription(id: "table", name: "table", provider: "table", kind: .host)

    private func row(
        _ opType: String = "Op", types: TypeConstraint = TypeConstraint([.float32]), if condition: Condition = .always,
        dynamic: Bool = false, variant: String = "plain"
    ) -> SupportRow {
        SupportRow(
            opType, types: types, if: condition, dynamicOperands: dynamic,
            variants: { node, _ in [Variant(variant, work: .elements(of: node))] }, kernel: Nothing())
    }

    private func node(_ operands: [Operand?], _ opType: String = "Op") -> NodeView {
        var sketch = Sketch()
        _ = sketch.node(opType, operands)
        return sketch.nodes[0]
    }

    private func decline(_ support: Support) -> Decline? {
        if case .declined(let decline) = support { return decline }
        return nil
    }

    @Test func aTypeIsDeclinedByOperand() {
        var sketch = Sketch()
        let (a, b) = (sketch.input([2]), sketch.input([2], .int64))
        let constraint = TypeConstraint([.float32], operands: [1: [.int32]])
        #expect(constraint.decline(node([a, nil])) == nil)
        #expect(constraint.decline(node([b])) == .type(.int64, operand: 0))
        #expect(constraint.decline(node([a, b])) == .type(.int64, operand: 1))
        #expect(TypeConstraint([.float32], operands: [1: [.int64]]).decline(node([a, b])) == nil)
    }

    @Test func ranksAndConstantsAreConditions() {
        var sketch = Sketch()
        let (matrix, fixed) = (sketch.input([2, 3]), sketch.scalar(1))
        let rank = Condition.rank(3...4)
        #expect(rank.text == "rank 3 to 4")
        #expect(rank.decline(node([matrix]), device) == .rank(2, operand: 0))
        #expect(Condition.rank(2...2).decline(node([matrix]), device) == nil)
        #expect(Condition.rank(2...2, input: 1).decline(node([matrix]), device) == nil)
        #expect(Condition.rank(2...2, input: 1).text == "rank 2 (input 1)")
        #expect(Condition.constant(input: 0).decline(node([matrix]), device) == .runtimeOperand(0))
        #expect(Condition.constant(input: 1).decline(node([matrix, fixed]), device) == nil)
        #expect(Condition.constant(input: 1).decline(node([matrix]), device) == nil)
    }

    @Test func bothConditionsHoldAndTheFirstSpeaks() {
        var sketch = Sketch()
        let matrix = sketch.input([2, 3])
        let both = Condition.rank(3...3) && .constant(input: 0)
        #expect(both.text == "rank 3, input 0 constant")
        #expect(both.decline(node([matrix]), device) == .rank(2, operand: 0))
        #expect((Condition.rank(2...2) && .constant(input: 0)).decline(node([matrix]), device) == .runtimeOperand(0))
        #expect((Condition.always && .rank(2...2)).text == "rank 2")
    }

    @Test func anOpenShapeIsDeclinedUnlessTheRowTakesIt() {
        var sketch = Sketch()
        let open = node([sketch.input([2]), sketch.open()])
        #expect(decline(row().support(open, on: device)) == .runtimeShape(operand: 1))
        #expect(decline(row(dynamic: true).support(open, on: device)) == nil)
    }

    @Test func aProviderTakesTheFirstRowThatFits() throws {
        var sketch = Sketch()
        let provider = Table(rows: [
            row(types: TypeConstraint([.int32]), variant: "integers"), row(variant: "floats"), row(variant: "late"),
        ])
        let floats = node([sketch.input([2])])
        guard case .variants(let variants) = provider.support(floats, on: device) else {
            Issue.record("declined")
            return
        }
        #expect(variants.map(\.name) == ["floats"])
        #expect(provider.row(for: floats, on: device)?.types.others == [.float32])
        #expect(decline(provider.support(node([sketch.input([2])], "Other"), on: device)) == .opType)
        #expect(
            decline(provider.support(node([sketch.input([2], .bool)]), on: device)) == .type(.bool, operand: 0))
        #expect(provider.row(for: node([sketch.input([2], .bool)]), on: device) == nil)
    }

    @Test func declinesAreSentences() {
        #expect(Decline.opType.description == "has no such operator")
        #expect(Decline.type(.int8, operand: 1).description == "does not take int8 as operand 1")
        #expect(Decline.rank(5, operand: 0).description == "does not take rank 5 as operand 0")
        #expect(Decline.attribute("mode", got: "wrap").description == "does not take mode = wrap")
        #expect(Decline.limit("rows", needs: 3, has: 2).description == "needs 3 of rows, the device has 2")
        #expect(Decline.runtimeOperand(2).description == "operand 2 would have to be a constant")
        #expect(Decline.runtimeShape(operand: 1).description == "the shape of operand 1 is known only at run time")
    }

    @Test func workCountsWhatIsReadAndWritten() {
        var sketch = Sketch()
        let work = Work.elements(of: node([sketch.input([2, 3]), sketch.scalar(1)]), flopsPerElement: 2)
        #expect(work.flops == 12)
        #expect(work.bytes == 24 + 4 + 24)
    }

    @Test func attributesOfTheWrongKindAreErrors() throws {
        let node = NodeView(
            id: 3, name: "", opType: "Op", inputs: [], outputs: [],
            attributes: ["axis": .int(-2), "mode": .string("x"), "flag": .int(1)])
        #expect(try node.axis("axis", rank: 3) == 1)
        #expect(try node.flag("flag"))
        #expect(try #require(throws: WeftError.self) { try node.axis("axis", rank: 1) }.code == .invalidModel)
        let error = try #require(throws: WeftError.self) { try node.ints("mode") }
        #expect(error.description == "node 3 (Op): attribute 'mode' should be a list of integers but has \"x\"")
        #expect(try #require(throws: WeftError.self) { try node.float("none") }.message.hasSuffix("is missing"))
    }
}
