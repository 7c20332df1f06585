import Testing
import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct AttentionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var batch = 2
        var heads = 4
        var shared = 2
        var queries = 3
        var keys = 5
        var past = 0
        var depth = 4
        var width = 3
        var causal = false
        var softcap: Float = 0
        var mask: [Int]?
        var left = -1
        var testDescription: String {
            "h \(heads)/\(shared) l \(queries) k \(keys)+\(past) causal \(causal) cap \(softcap) mask \(mask ?? []) left \(left)"
        }
    }

    static let cases = [
        Case(), Case(shared: 4, causal: true), Case(shared: 1, softcap: 2), Case(keys: 1, past: 6, causal: true),
        Case(mask: [3, 5]), Case(past: 2, mask: [2, 1, 3, 7]), Case(keys: 3, causal: true, mask: [4, 1, 3]),
        Case(keys: 8, left: 1), Case(batch: 1, queries: 1, keys: 1),
    ]

    /// Attention by its definition, in double precision, on [B, H, L, D].
    private static func expected(_ item: Case, _ operands: [[Double]], mask: [Double]?) -> [Double] {
        let total = item.keys + item.past
        var result: [Double] = []
        for index in indices([item.batch, item.heads, item.queries]) {
            let (b, h, i) = (index[0], index[1] / (item.heads / item.shared), index[2])
            var scores: [Double] = []
            for j in 0..<total {
                var score = 0.0
                for d in 0..<item.depth {
                    score +=
                        operands[0][offset([b, index[1], i, d], [item.batch, item.heads, item.queries, item.depth])]
                        * operands[1][offset([b, h, j, d], [item.batch, item.shared, total, item.depth])]
                }
                score /= Double(item.depth).squareRoot()
                if item.softcap > 0 { score = Double(item.softcap) * tanh(score / Double(item.softcap)) }
                if let mask, let shape = item.mask {
                    let full = [Int](repeating: 1, count: 4 - shape.count) + shape
                    score += mask[offset(zip([b, index[1], i, j], full).map { $1 == 1 ? 0 : $0 }, full)]
                }
                if item.causal, j > i + item.past { score = -.infinity }
                if item.left >= 0, j < i + item.past - item.left { score = -.infinity }
                scores.append(score)
            }
            let sum = scores.reduce(0) { $0 + exp($1) }
            for m in 0..<item.width {
                result.append(
                    (0..<total).reduce(0) {
                        $0 + exp(scores[$1]) / sum
                            * operands[2][offset([b, h, $1, m], [item.batch, item.shared, total, item.width])]
                    })
            }
        }
        return result
    }

    @Test(arguments: cases) func attentionMatchesItsDefinition(_ item: Case) throws {
        var noise = Noise(7)
        let total = item.keys + item.past
        let q = noise.floats([item.batch, item.heads, item.queries, item.depth])
        let k = noise.floats([item.batch, item.shared, total, item.depth])
        let v = noise.floats([item.batch, item.shared, total, item.width])
        let mask = item.mask.map { noise.floats($0) }
        let (oldK, newK) = try split(k, item.past)
        let (oldV, newV) = try split(v, item.past)
        var inputs: [Tensor?] = [q, newK, newV, mask]
        if item.past > 0 { inputs += [oldK, oldV] }
        let outputs = try CaseRunner()(
            "Attention", inputs,
            [
                "is_causal": .int(item.causal ? 1 : 0), "softcap": .float(item.softcap),
                "left_window_size": .int(Int64(item.left)),
            ],
            outputs: 3)
        let expected = Self.expected(item, try [q, k, v].map { try $0.doubles() }, mask: try mask?.doubles())
        #expect(try outputs[0].distance(to: expected) < 1e-5)
        #expect(try outputs[1].distance(to: try k.doubles()) == 0)
        #expect(try outputs[2].distance(to: try v.doubles()) == 0)
    }

    /// A tensor [B, H, L, D] cut after `first` of its L.
    private func split(_ tensor: Tensor, _ first: Int) throws -> (Tensor, Tensor) {
        let (shape, all) = (tensor.shape, try tensor.array(as: Float.self))
        func part(_ range: Range<Int>) -> Tensor {
            let elements = indices([shape[0], shape[1], range.count, shape[3]]).map { index in
                all[offset([index[0], index[1], index[2] + range.lowerBound, index[3]], shape)]
            }
            return Tensor(elements, shape: [shape[0], shape[1], range.count, shape[3]])
        }
        return (part(0..<first), part(first..<shape[2]))
    }

    @Test func packedHeadsGiveWhatSeparateHeadsGive() throws {
        var noise = Noise(3)
        let operands = [noise.floats([1, 1, 3, 4]), noise.floats([1, 1, 5, 4]), noise.floats([1, 1, 5, 2])]
        let separate = try CaseRunner()("Attention", operands)[0]
        let packed = try CaseRunner()(
            "Attention", operands.map { $0.reshaped([1] + $0.shape[2...]) },
            ["q_num_heads": .int(1), "kv_num_heads": .int(1)])[0]
        #expect(packed.shape == [1, 3, 2])
        #expect(try packed.distance(to: try separate.doubles()) == 0)
    }

    @Test func rowsThatSeeNoKeyAreZero() throws {
        var noise = Noise(3)
        let mask = Tensor([true, false, true, false, false, false], shape: [2, 3])
        let y = try CaseRunner()(
            "Attention", [noise.floats([1, 1, 2, 4]), noise.floats([1, 1, 3, 4]), noise.floats([1, 1, 3, 2]), mask])[0]
        #expect(try Array(y.doubles()[2...]) == [0, 0])
        #expect(try y.doubles()[0] != 0)
    }

    @Test func headsThatDoNotFitAreRefused() throws {
        var noise = Noise(3)
        for (q, k, v) in [
            ([1, 3, 2, 4], [1, 2, 3, 4], [1, 2, 3, 4]), ([1, 2, 2, 4], [1, 2, 3, 5], [1, 2, 3, 4]),
            ([1, 2, 2, 4], [1, 2, 3, 4], [1, 2, 4, 4]), ([1, 2, 2], [1, 2, 2], [1, 2, 2]),
        ] {
            #expect(throws: WeftError.self) {
                try CaseRunner()("Attention", [noise.floats(q), noise.floats(k), noise.floats(v)])
            }
        }
    }

    @Test func linearAttentionSumsKeysAndValuesOfThePast() throws {
        var noise = Noise(5)
        let (q, k, v) = (noise.floats([1, 4, 3]), noise.floats([1, 4, 3]), noise.floats([1, 4, 2]))
        let y = try CaseRunner()(
            "LinearAttention", [q, k, v],
            ["q_num_heads": .int(1), "kv_num_heads": .int(1), "update_rule": .string("linear"), "scale": .float(0.5)])[
                0]
        let (queries, keys, values) = (try q.doubles(), try k.doubles(), try v.doubles())
        let expected = indices([4, 2]).map { index in
            (0...index[0]).reduce(0.0) { sum, s in
                let product = (0..<3).reduce(0.0) { $0 + queries[index[0] * 3 + $1] * keys[s * 3 + $1] }
                return sum + 0.5 * product * values[s * 2 + index[1]]
            }
        }
        #expect(try y.distance(to: expected) < 1e-6)
    }

    @Test func rotationsTurnPairsByTheirAngles() throws {
        let x = Tensor([1, 2, 3, 4, 9] as [Float], shape: [1, 1, 1, 5])
        let (cosines, sines) = (Tensor([1, 0] as [Float], shape: [1, 2]), Tensor([0, 1] as [Float], shape: [1, 2]))
        let positions = Tensor([0] as [Int64], shape: [1, 1])
        for (interleaved, expected) in [(0, [1, -4, 3, 2, 9]), (1, [1, 2, -4, 3, 9])] as [(Int64, [Double])] {
            let y = try CaseRunner()(
                "RotaryEmbedding", [x, cosines, sines, positions],
                ["rotary_embedding_dim": .int(4), "interleaved": .int(interleaved)])[0]
            #expect(try y.doubles() == expected)
        }
        let outside = Tensor([1] as [Int64], shape: [1, 1])
        let error = #expect(throws: WeftError.self) {
            try CaseRunner()("RotaryEmbedding", [x, cosines, sines, outside], ["rotary_embedding_dim": .int(4)])
        }
        #expect(error?.code == .invalidData)
    }

    @Test func causalConvolutionsContinueFromTheirState() throws {
        var noise = Noise(5)
        let (x, w) = (noise.floats([1, 2, 6]), noise.floats([2, 1, 3]))
        let whole = try CaseRunner()("CausalConvWithState", [x, w])[0].doubles()
        let all = try x.array(as: Float.self)
        let first = Tensor(Array(all[0..<2] + all[6..<8]), shape: [1, 2, 2])
        let rest = Tensor(Array(all[2..<6] + all[8..<12]), shape: [1, 2, 4])
        let head = try CaseRunner()("CausalConvWithState", [first, w], outputs: 2)
        let tail = try CaseRunner()("CausalConvWithState", [rest, w, nil, head[1]])[0].doubles()
        #expect(try head[0].doubles() == Array(whole[0..<2] + whole[6..<8]))
        #expect(tail == Array(whole[2..<6] + whole[8..<12]))
    }
}
