import Testing
import WeftProvider

@Suite struct NormalizationTests {
    @Test(arguments: [[5], [3, 4], [2, 33, 7], [2, 3, 2, 31]], ["Softmax", "LogSoftmax"])
    func softmaxMatchesItsDefinitionOnEveryAxis(_ shape: [Int], _ opType: String) throws {
        var noise = Noise(8)
        let x = noise.floats(shape)
        let values = try x.doubles()
        for axis in -shape.count..<shape.count {
            let along = axis < 0 ? axis + shape.count : axis
            let expected = indices(shape).enumerated().map { place, index -> Double in
                let sum = (0..<shape[along]).reduce(0.0) { sum, i in
                    var other = index
                    other[along] = i
                    return sum + exponential(values[offset(other, shape)])
                }
                let y = exponential(values[place]) / sum
                return opType == "Softmax" ? y : logarithm(y)
            }
            for variant in ["rows", "columns", "plain"] {
                let y = try CaseRunner(variant: variant)(opType, [x], ["axis": .int(Int64(axis))])[0]
                #expect(try y.distance(to: expected) < 1e-6)
            }
        }
    }

    @Test func oldSoftmaxTakesTheAxesFromItsOwnOnAsOne() throws {
        var noise = Noise(9)
        let x = noise.floats([2, 3, 4])
        let values = try x.doubles()
        let expected = values.indices.map { index in
            exponential(values[index]) / (0..<12).reduce(0.0) { $0 + exponential(values[index / 12 * 12 + $1]) }
        }
        let y = try CaseRunner()("Softmax", [x], [:], opset: 11)[0]
        #expect(y.shape == [2, 3, 4])
        #expect(try y.distance(to: expected) < 1e-6)
    }

    @Test(arguments: ["rows", "plain"], [-1, 1])
    func layerNormalizationTakesMeanAndDeviationOff(_ variant: String, _ axis: Int) throws {
        var noise = Noise(10)
        let shape = [3, 5, 17]
        let tail = axis == 1 ? [5, 17] : [17]
        let (x, scale, bias) = (noise.floats(shape), noise.floats(tail), noise.floats(tail))
        let (values, factors, offsets) = (try x.doubles(), try scale.doubles(), try bias.doubles())
        let length = tail.elementCount
        let expected = values.indices.map { index -> Double in
            let row = values[index / length * length..<index / length * length + length]
            let mean = row.reduce(0, +) / Double(length)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(length)
            return (values[index] - mean) / (variance + 1e-5).squareRoot() * factors[index % length]
                + offsets[index % length]
        }
        let y = try CaseRunner(variant: variant)(
            "LayerNormalization", [x, scale, bias], ["axis": .int(Int64(axis))])[0]
        #expect(try y.distance(to: expected) < 1e-5)
    }

    @Test(arguments: ["plain", "pixels"]) func batchNormalizationScalesEveryChannel(_ variant: String) throws {
        var noise = Noise(11)
        let x = noise.floats([2, 13, 3, 4])
        let (scale, bias, mean) = (noise.floats([13]), noise.floats([13]), noise.floats([13]))
        let variance = Tensor(try noise.floats([13]).doubles().map { Float($0 * $0 + 0.1) }, shape: [13])
        let (s, b, m, v) = (try scale.doubles(), try bias.doubles(), try mean.doubles(), try variance.doubles())
        let expected = try x.doubles().enumerated().map { index, value -> Double in
            let c = index / 12 % 13
            return (value - m[c]) / (v[c] + 1e-5).squareRoot() * s[c] + b[c]
        }
        for opset in [7, 9, 28] {
            let y = try CaseRunner(variant: variant)(
                "BatchNormalization", [x, scale, bias, mean, variance], opset: opset)[0]
            #expect(try y.distance(to: expected) < 1e-5)
        }
    }

    @Test(arguments: [[], [0], [1], [2], [-1, 0], [0, 1, 2], [1, 2]] as [[Int]], [true, false])
    func reductionsFoldTheirAxes(_ axes: [Int], _ keepsAxes: Bool) throws {
        var noise = Noise(12)
        let shape = [3, 4, 17]
        let x = noise.floats(shape)
        let values = try x.doubles()
        let reduced = axes.isEmpty ? Set(0..<3) : Set(axes.map { $0 < 0 ? $0 + 3 : $0 })
        let result = (0..<3).map { reduced.contains($0) ? 1 : shape[$0] }
        var groups = [[Double]](repeating: [], count: result.elementCount)
        for (place, index) in indices(shape).enumerated() {
            groups[offset((0..<3).map { reduced.contains($0) ? 0 : index[$0] }, result)].append(values[place])
        }
        let methods: [(String, ([Double]) -> Double)] = [
            ("ReduceSum", { $0.reduce(0, +) }), ("ReduceMean", { $0.reduce(0, +) / Double($0.count) }),
            ("ReduceMax", { $0.max() ?? 0 }), ("ReduceMin", { $0.min() ?? 0 }), ("ReduceProd", { $0.reduce(1, *) }),
            ("ReduceL1", { $0.reduce(0) { $0 + abs($1) } }), ("ReduceSumSquare", { $0.reduce(0) { $0 + $1 * $1 } }),
            ("ReduceL2", { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }),
            ("ReduceLogSumExp", { logarithm($0.reduce(0) { $0 + exponential($1) }) }),
        ]
        for (opType, fold) in methods {
            let expected = groups.map(fold)
            let attributes: [String: Attribute] = ["keepdims": .int(keepsAxes ? 1 : 0)]
            let operand = Tensor(axes.map { Int64($0) }, shape: [axes.count])
            for variant in ["rows", "plain"] {
                let y = try CaseRunner(variant: variant)(opType, [x, operand], attributes)[0]
                #expect(y.shape == (keepsAxes ? result : (0..<3).filter { !reduced.contains($0) }.map { shape[$0] }))
                #expect(try y.distance(to: expected) < 1e-5, "\(opType)")
            }
            guard !axes.isEmpty else { continue }
            var old = attributes
            old["axes"] = .ints(axes.map { Int64($0) })
            #expect(try CaseRunner()(opType, [x], old, opset: 11)[0].distance(to: expected) < 1e-5)
        }
    }

    @Test func noopReductionsLeaveTheInputAlone() throws {
        let x = Tensor([Int32(1), -2, 3], shape: [3])
        let y = try CaseRunner()("ReduceSum", [x], ["noop_with_empty_axes": .int(1)])[0]
        #expect(try y.array(as: Int32.self) == [1, -2, 3])
    }

    /// exp by its series, so that no kernel's own function judges it.
    private func exponential(_ x: Double) -> Double {
        var (sum, term) = (1.0, 1.0)
        for k in 1..<40 {
            term *= x / Double(k)
            sum += term
        }
        return sum
    }

    /// log by Newton's method on `exponential`; good for numbers between 1e-6 and 1e3.
    private func logarithm(_ x: Double) -> Double {
        var y = 0.0
        for _ in 0..<60 { y += 2 * (x - exponential(y)) / (x + exponential(y)) }
        return y
    }
}
