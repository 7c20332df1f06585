import Testing
import WeftGraph
import WeftProvider

@Suite struct IndexingTests {
    private let run = CaseRunner()
    private func ints(_ values: [Int], _ shape: [Int]? = nil) -> Tensor {
        Tensor(values.map { Int64($0) }, shape: shape ?? [values.count])
    }

    @Test func gathersFollowTheirIndices() throws {
        let x = ints(Array(0..<12), [2, 3, 2])
        let elements = try run("GatherElements", [x, ints([2, 0, -1, 1], [1, 2, 2])], ["axis": .int(1)])[0]
        #expect(try elements.array(as: Int64.self) == [4, 1, 4, 3])
        let slices = try run("GatherND", [x, ints([1, 0, 0, -1], [2, 2])])[0]
        #expect(slices.shape == [2, 2])
        #expect(try slices.array(as: Int64.self) == [6, 7, 4, 5])
        let batched = try run("GatherND", [x, ints([2, 0], [2, 1])], ["batch_dims": .int(1)])[0]
        #expect(try batched.array(as: Int64.self) == [4, 5, 6, 7])
        let scalar = try run("Gather", [x, Tensor(scalar: Int32(1))], ["axis": .int(2)])[0]
        #expect(scalar.shape == [2, 3])
        #expect(try scalar.array(as: Int64.self) == [1, 3, 5, 7, 9, 11])
    }

    @Test func scattersReplaceAndReduce() throws {
        let x = ints([1, 2, 3, 4])
        let at = ints([1, -1, 1])
        let updates = ints([10, 20, 30])
        func scatter(_ reduction: String, _ name: String = "ScatterElements") throws -> [Int64] {
            let places = name == "ScatterND" ? at.reshaped([3, 1]) : at
            return try run(name, [x, places, updates], ["reduction": .string(reduction)])[0].array(as: Int64.self)
        }
        for name in ["ScatterElements", "ScatterND"] {
            #expect(try scatter("none", name) == [1, 30, 3, 20])
            #expect(try scatter("add", name) == [1, 42, 3, 24])
            #expect(try scatter("mul", name) == [1, 600, 3, 80])
            #expect(try scatter("max", name) == [1, 30, 3, 20])
            #expect(try scatter("min", name) == [1, 2, 3, 4])
        }
        #expect(try run("Scatter", [x, at, updates], opset: 9)[0].array(as: Int64.self) == [1, 30, 3, 20])
        #expect(throws: WeftError.self) { try scatter("median") }
    }

    @Test func indicesOutOfRangeAreNamed() throws {
        let x = ints([1, 2, 3])
        let attempts: [(String, [Tensor?])] = [
            ("Gather", [x, ints([3])]), ("Gather", [x, ints([Int.min])]), ("GatherElements", [x, ints([-4])]),
            ("GatherND", [x, ints([5], [1, 1])]), ("ScatterElements", [x, ints([3]), ints([0])]),
            ("ScatterND", [x, ints([Int.max], [1, 1]), ints([0])]),
        ]
        for (name, inputs) in attempts {
            let error = #expect(throws: WeftError.self, "\(name)") { try run(name, inputs) }
            #expect(error?.code == .invalidData && error?.message.contains("3 elements") == true, "\(name)")
        }
        #expect(throws: WeftError.self) { try run("ReverseSequence", [ints([1, 2], [2, 1]), ints([3])]) }
    }

    @Test func generatorsFill() throws {
        #expect(try run("ConstantOfShape", [ints([2])])[0].array(as: Float.self) == [0, 0])
        let value = Attribute.tensor(ConstantFactory.constant(ints([7])))
        #expect(try run("ConstantOfShape", [ints([])], ["value": value])[0].array(as: Int64.self) == [7])
        #expect(try run("Range", [10, 4, -3].map { Tensor(scalar: Int16($0)) })[0].array(as: Int16.self) == [10, 7])
        #expect(
            try run("Range", [1, 2, 0.25].map { Tensor(scalar: Float($0)) })[0].array(as: Float.self) == [
                1, 1.25, 1.5, 1.75,
            ])
        #expect(try run("Range", [5, 1, 1].map { Tensor(scalar: Int64($0)) })[0].shape == [0])
        let eye = try run("EyeLike", [ints([0, 0, 0, 0, 0, 0], [2, 3])], ["k": .int(1), "dtype": .int(1)])[0]
        #expect(try eye.array(as: Float.self) == [0, 1, 0, 0, 0, 1])
        #expect(try run("Size", [ints([1, 2, 3, 4], [2, 2])])[0].array(as: Int64.self) == [4])
        let hot = try run(
            "OneHot", [ints([1, -1, 5]), Tensor(scalar: Int64(3)), Tensor([Float(0), 2], shape: [2])], ["axis": .int(0)]
        )[0]
        #expect(hot.shape == [3, 3])
        #expect(try hot.array(as: Float.self) == [0, 0, 0, 2, 0, 0, 0, 2, 0])
    }

    @Test func dataDependentOutputsHaveTheirOwnShapes() throws {
        let x = Tensor([Float(0), 3, -0.0, .nan], shape: [2, 2])
        let places = try run("NonZero", [x])[0]
        #expect(places.shape == [2, 2])
        #expect(try places.array(as: Int64.self) == [0, 1, 1, 1])
        let kept = try run(
            "Compress", [ints(Array(0..<6), [2, 3]), Tensor([false, true], shape: [2])], ["axis": .int(-1)])[0]
        #expect(kept.shape == [2, 1])
        #expect(try kept.array(as: Int64.self) == [1, 4])
        #expect(
            try run("Compress", [ints([5, 6, 7]), Tensor([true, false, true], shape: [3])])[0].array(as: Int64.self)
                == [5, 7])
    }

    @Test func distinctElementsComeSortedOrAsTheyAppear() throws {
        let x = ints([2, 1, 1, 3, 2])
        let sorted = try run("Unique", [x], outputs: 4).map { try $0.array(as: Int64.self) }
        #expect(sorted == [[1, 2, 3], [1, 0, 3], [1, 0, 0, 2, 1], [2, 2, 1]])
        let found = try run("Unique", [x], ["sorted": .int(0)], outputs: 4).map { try $0.array(as: Int64.self) }
        #expect(found == [[2, 1, 3], [0, 1, 3], [0, 1, 1, 2, 0], [2, 2, 1]])
        let rows = try run("Unique", [ints([1, 0, 0, 1, 1, 0], [3, 2])], ["axis": .int(0)])[0]
        #expect(try rows.array(as: Int64.self) == [0, 1, 1, 0])
        let texts = try run.values("Unique", [.strings(StringTensor(["b", "a", "b"], shape: [3]))])[0]
        guard case .strings(let strings) = texts else { return #expect(Bool(false), "no strings") }
        #expect(strings.elements == ["a", "b"])
    }

    @Test func topElementsAgreeWithAFullSort() throws {
        var noise = Noise(5)
        let x = Tensor((0..<3 * 50 * 2).map { _ in Float(noise.next() % 20) }, shape: [3, 50, 2])
        let elements = try x.array(as: Float.self)
        for k in [0, 1, 7, 50] {
            for largest in [0, 1] {
                let result = try run(
                    "TopK", [x, ints([k])], ["axis": .int(1), "largest": .int(Int64(largest))], outputs: 2)
                let (values, places) = (try result[0].array(as: Float.self), try result[1].array(as: Int64.self))
                for line in 0..<6 {
                    let at = { (index: Int) in (line / 2 * 50 + index) * 2 + line % 2 }
                    let order = (0..<50).sorted {
                        let (a, b) = (elements[at($0)], elements[at($1)])
                        return a == b ? $0 < $1 : largest == 1 ? a > b : a < b
                    }
                    for rank in 0..<k {
                        let place = (line / 2 * k + rank) * 2 + line % 2
                        #expect(places[place] == Int64(order[rank]) && values[place] == elements[at(order[rank])])
                    }
                }
            }
        }
    }

    @Test func extremaAndSumsRunAlongAnyAxis() throws {
        let x = ints([3, 1, 3, 0, 5, 5], [2, 3])
        #expect(try run("ArgMax", [x], ["axis": .int(-1), "keepdims": .int(0)])[0].array(as: Int64.self) == [0, 1])
        let last = try run("ArgMax", [x], ["axis": .int(1), "select_last_index": .int(1)])[0]
        #expect(last.shape == [2, 1])
        #expect(try last.array(as: Int64.self) == [2, 2])
        #expect(try run("ArgMin", [x])[0].array(as: Int64.self) == [1, 0, 0])
        let odd = Tensor([Float(1), .nan, 7], shape: [3])
        #expect(try run("ArgMax", [odd])[0].array(as: Int64.self) == [1])
        #expect(try run("CumSum", [x, Tensor(scalar: Int64(1))])[0].array(as: Int64.self) == [3, 4, 7, 0, 5, 10])
        #expect(
            try run("CumSum", [x, Tensor(scalar: Int32(0))], ["reverse": .int(1), "exclusive": .int(1)])[0]
                .array(as: Int64.self) == [0, 5, 5, 0, 0, 0])
        #expect(
            try run("CumProd", [ints([2, 3, 4]), Tensor(scalar: Int64(0))])[0].array(as: Int64.self) == [2, 6, 24])
    }
}
