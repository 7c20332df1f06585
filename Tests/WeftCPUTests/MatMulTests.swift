import Testing
import WeftProvider

@Suite struct MatMulTests {
    static let shapes: [([Int], [Int], [Int])] = [
        ([3, 4], [4, 5], [3, 5]), ([4], [4], []), ([4], [4, 5], [5]), ([3, 4], [4], [3]),
        ([2, 3, 4], [4, 5], [2, 3, 5]), ([2, 3, 4], [2, 4, 5], [2, 3, 5]), ([2, 1, 3, 4], [5, 4, 2], [2, 5, 3, 2]),
        ([1, 33], [33, 31], [1, 31]), ([17, 40], [40, 65], [17, 65]), ([3, 0], [0, 2], [3, 2]),
        ([0, 3], [3, 2], [0, 2]), ([6, 7, 64], [64, 48], [6, 7, 48]), ([4], [3, 4, 2], [3, 2]),
        ([2, 3, 4], [4], [2, 3]), ([13, 300], [300, 16], [13, 16]),
    ]

    @Test(arguments: shapes) func productsMatchTheirDefinition(_ item: ([Int], [Int], [Int])) throws {
        var noise = Noise(5)
        for double in [false, true] {
            let a = double ? noise.doubles(item.0) : noise.floats(item.0)
            let b = double ? noise.doubles(item.1) : noise.floats(item.1)
            let expected = try Self.product(a, b, item.2)
            for constants: Set<Int> in [[], [1]] {
                let y = try CaseRunner(constants: constants)("MatMul", [a, b])[0]
                #expect(y.shape == item.2)
                #expect(try y.distance(to: expected) < (double ? 1e-13 : 1e-5))
            }
            let plain = try CaseRunner(variant: "plain")("MatMul", [a, b])[0]
            #expect(try plain.distance(to: expected) < (double ? 1e-13 : 1e-5))
        }
    }

    @Test func integersWrap() throws {
        let a = Tensor([Int32.max, 1, 2, 3], shape: [2, 2])
        let b = Tensor([Int32(2), 1, 1, 1], shape: [2, 2])
        let y = try CaseRunner()("MatMul", [a, b])[0]
        #expect(try y.array(as: Int32.self) == [-1, Int32.min, 7, 5])
    }

    @Test(arguments: [false, true], [false, true])
    func gemmTransposesScalesAndBroadcasts(_ transA: Bool, _ transB: Bool) throws {
        for (c, beta): ([Int]?, Float) in [
            (nil, 1), ([5], 0.5), ([1, 5], 2), ([3, 1], 1), ([3, 5], -1), ([], 1), ([1], 1),
        ] {
            var noise = Noise(11)
            let a = noise.floats(transA ? [4, 3] : [3, 4])
            let b = noise.floats(transB ? [5, 4] : [4, 5])
            let added = c.map { noise.floats($0) }
            let (av, bv, cv) = (try a.doubles(), try b.doubles(), try added?.doubles())
            let expected = indices([3, 5]).map { index -> Double in
                var sum = 0.0
                for k in 0..<4 {
                    sum +=
                        av[transA ? k * 3 + index[0] : index[0] * 4 + k]
                        * bv[transB ? index[1] * 4 + k : k * 5 + index[1]]
                }
                sum *= 0.25
                guard let c, let cv else { return sum }
                let full = [Int](repeating: 1, count: 2 - c.count) + c
                return sum + Double(beta) * cv[offset([min(index[0], full[0] - 1), min(index[1], full[1] - 1)], full)]
            }
            let attributes: [String: Attribute] = [
                "alpha": .float(0.25), "beta": .float(beta), "transA": .int(transA ? 1 : 0),
                "transB": .int(transB ? 1 : 0),
            ]
            for constants: Set<Int> in [[], [1], [1, 2]] {
                let y = try CaseRunner(constants: constants)("Gemm", [a, b, added], attributes)[0]
                #expect(y.shape == [3, 5])
                #expect(try y.distance(to: expected) < 1e-6)
            }
        }
    }

    @Test func operandsThatDoNotMultiplyAreRefused() throws {
        var noise = Noise(1)
        let error = #expect(throws: WeftError.self) {
            try CaseRunner()("MatMul", [noise.floats([2, 3]), noise.floats([4, 5])])
        }
        #expect(error?.message.contains("3 columns meet 4 rows") == true)
    }

    static func product(_ a: Tensor, _ b: Tensor, _ shape: [Int]) throws -> [Double] {
        let left = a.shape.count == 1 ? [1] + a.shape : a.shape
        let right = b.shape.count == 1 ? b.shape + [1] : b.shape
        var full = shape
        if a.shape.count == 1 { full.insert(1, at: full.count - (b.shape.count == 1 ? 0 : 1)) }
        if b.shape.count == 1 { full.append(1) }
        let (av, bv) = (try a.doubles(), try b.doubles())
        func pick(_ index: ArraySlice<Int>, _ own: [Int], _ tail: [Int]) -> Int {
            let leading = own.dropLast(2)
            let head = zip(index.suffix(leading.count), leading).map { $1 == 1 ? 0 : $0 }
            return offset(head + tail, own)
        }
        return indices(full).map { index in
            let (i, j) = (index[index.count - 2], index[index.count - 1])
            return (0..<left[left.count - 1]).reduce(0.0) { sum, k in
                sum + av[pick(index.dropLast(2), left, [i, k])] * bv[pick(index.dropLast(2), right, [k, j])]
            }
        }
    }
}
