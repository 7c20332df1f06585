import Testing
import WeftProvider

@Suite struct SequenceTests {
    private static func row(_ numbers: Float...) -> Value { .tensor(Tensor(numbers, shape: [numbers.count])) }
    private static func sequence(_ elements: Value...) -> Value {
        .sequence(elements, of: .tensor(.float32, .unknown))
    }
    private static func position(_ index: Int64) -> Value { .tensor(Tensor(scalar: index)) }

    /// The elements of a sequence of float tensors.
    private static func floats(_ value: Value?) throws -> [[Float]] {
        guard case .sequence(let elements, _)? = value else { return [] }
        return try elements.map { try $0.tensor?.array(as: Float.self) ?? [] }
    }

    @Test(
        arguments: [(nil, [1, 2, 9]), (0, [9, 1, 2]), (1, [1, 9, 2]), (2, [1, 2, 9]), (-1, [1, 9, 2])]
            as [(Int64?, [Float])])
    func tensorsAreInsertedBeforeAPosition(_ position: Int64?, _ expected: [Float]) throws {
        let list = Self.sequence(Self.row(1), Self.row(2))
        let result = try CaseRunner().values(
            "SequenceInsert", [list, Self.row(9)] + (position.map { [Self.position($0)] } ?? []))
        #expect(try Self.floats(result[0]) == expected.map { [$0] })
    }

    @Test(arguments: [(nil, [1, 2]), (0, [2, 3]), (-2, [1, 3])] as [(Int64?, [Float])])
    func elementsAreErasedAtAPosition(_ position: Int64?, _ expected: [Float]) throws {
        let list = Self.sequence(Self.row(1), Self.row(2), Self.row(3))
        let result = try CaseRunner().values("SequenceErase", [list] + (position.map { [Self.position($0)] } ?? []))
        #expect(try Self.floats(result[0]) == expected.map { [$0] })
    }

    @Test func positionsOutsideASequenceAreRefused() throws {
        let list = Self.sequence(Self.row(1), Self.row(2))
        for position: Int64 in [2, -3, .max, .min] {
            let error = #expect(throws: WeftError.self) {
                try CaseRunner().values("SequenceAt", [list, Self.position(position)])
            }
            #expect(error?.code == .invalidData)
        }
        #expect(throws: WeftError.self) { try CaseRunner().values("SequenceErase", [Self.sequence()]) }
    }

    @Test func tensorsOfTwoTypesMakeNoSequence() throws {
        let error = #expect(throws: WeftError.self) {
            try CaseRunner().values("SequenceConstruct", [Self.row(1), Self.position(1)])
        }
        #expect(error?.code == .invalidModel)
    }

    @Test func sequencesAreJoinedAlongOldAndNewAxes() throws {
        let list = Self.sequence(
            .tensor(Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])),
            .tensor(Tensor([5, 6, 7, 8] as [Float], shape: [2, 2])))
        for (axis, new, shape, expected) in [
            (0, 0, [4, 2], [1, 2, 3, 4, 5, 6, 7, 8]), (-1, 0, [2, 4], [1, 2, 5, 6, 3, 4, 7, 8]),
            (0, 1, [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]), (-1, 1, [2, 2, 2], [1, 5, 2, 6, 3, 7, 4, 8]),
        ] as [(Int64, Int64, [Int], [Float])] {
            let joined = try CaseRunner().values(
                "ConcatFromSequence", [list], ["axis": .int(axis), "new_axis": .int(new)])[0]?.tensor
            #expect(joined?.shape == shape)
            #expect(try joined?.array(as: Float.self) == expected)
        }
    }

    @Test func tensorsAreSplitByLengthsByChunksAndByOnes() throws {
        let x = Value.tensor(Tensor((0..<6).map { Float($0) }, shape: [2, 3]))
        let lengths = Value.tensor(Tensor([1, 2] as [Int64], shape: [2]))
        let cut = { (inputs: [Value], attributes: [String: Attribute]) -> [[Float]] in
            try Self.floats(try CaseRunner().values("SplitToSequence", inputs, attributes)[0])
        }
        #expect(try cut([x, lengths], ["axis": .int(1)]) == [[0, 3], [1, 2, 4, 5]])
        #expect(try cut([x, Self.position(2)], ["axis": .int(-1)]) == [[0, 1, 3, 4], [2, 5]])
        #expect(try cut([x], ["axis": .int(1), "keepdims": .int(0)]) == [[0, 3], [1, 4], [2, 5]])
        for bad in [[1, 1], [2, 2], [-1, 4], [.max, .max]] as [[Int64]] {
            #expect(throws: WeftError.self) { try cut([x, .tensor(Tensor(bad, shape: [2]))], ["axis": .int(1)]) }
        }
    }

    @Test func optionalsTellWhetherTheyHoldSomething() throws {
        let type = ValueType.tensor(.float32, .unknown)
        for (input, expected) in [
            (nil, false), (.optional(nil, of: type), false), (.optional(Self.row(1), of: type), true),
            (Self.row(1), true),
        ] as [(Value?, Bool)] {
            let result = try CaseRunner().values("OptionalHasElement", [input])[0]?.tensor
            #expect(try result?.array(as: Bool.self) == [expected])
        }
        let held = try CaseRunner().values("OptionalGetElement", [.optional(Self.row(7), of: type)])[0]?.tensor
        #expect(try held?.array(as: Float.self) == [7])
        #expect(throws: WeftError.self) { try CaseRunner().values("OptionalGetElement", [.optional(nil, of: type)]) }
    }
}
