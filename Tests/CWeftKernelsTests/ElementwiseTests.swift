import CWeftKernels
import Foundation
import Testing

/// A function, its double-precision reference, and the error its header states.
struct UnaryCase: Sendable {
    let name: String
    let op: weft_unary
    var alpha: Float = 0
    var beta: Float = 0
    /// Units in the last place of the exact result.
    var ulp = 0.0
    /// Absolute error, and error per unit of |x|.
    var absolute = 0.0
    var perUnit = 0.0
    let reference: @Sendable (Double) -> Double

    func tolerance(_ x: Double, _ y: Double) -> Double {
        let spacing = Double(max(Float(abs(y)).ulp, .leastNonzeroMagnitude))
        return ulp * spacing + absolute + (perUnit > 0 ? perUnit * max(1, abs(x)) : 0)
    }
}

private func clamp(_ x: Double, _ low: Double, _ high: Double) -> Double { x < low ? low : x > high ? high : x }
private func softplus(_ x: Double) -> Double { (x < 0 ? 0 : x) + log1p(exp(-abs(x))) }

private let unaryCases: [UnaryCase] = [
    UnaryCase(name: "identity", op: WEFT_IDENTITY) { $0 },
    UnaryCase(name: "relu", op: WEFT_RELU) { $0 < 0 ? 0 : $0 },
    UnaryCase(name: "clip", op: WEFT_CLIP, alpha: -0.5, beta: 6) { clamp($0, -0.5, 6) },
    UnaryCase(name: "leaky relu", op: WEFT_LEAKY_RELU, alpha: 0.25, ulp: 0.5) { $0 < 0 ? 0.25 * $0 : $0 },
    UnaryCase(name: "hard sigmoid", op: WEFT_HARD_SIGMOID, alpha: 0.25, beta: 0.5, absolute: 1e-7) {
        clamp(0.25 * $0 + 0.5, 0, 1)
    },
    UnaryCase(name: "hard swish", op: WEFT_HARD_SWISH, perUnit: 2e-7) { $0 * clamp($0 / 6 + 0.5, 0, 1) },
    UnaryCase(name: "sigmoid", op: WEFT_SIGMOID, ulp: 4, absolute: 2e-38) { 1 / (1 + exp(-$0)) },
    UnaryCase(name: "silu", op: WEFT_SILU, alpha: 1, ulp: 4, absolute: 2e-36) {
        $0 == -.infinity ? 0 : $0 / (1 + exp(-$0))
    },
    UnaryCase(name: "quick gelu", op: WEFT_SILU, alpha: 1.5, ulp: 200, absolute: 2e-36) {
        $0 == -.infinity ? 0 : $0 / (1 + exp(-1.5 * $0))
    },
    UnaryCase(name: "tanh", op: WEFT_TANH, ulp: 4) { tanh($0) },
    UnaryCase(name: "gelu erf", op: WEFT_GELU_ERF, perUnit: 2.5e-7) {
        $0 == -.infinity ? 0 : 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot()))
    },
    UnaryCase(name: "gelu tanh", op: WEFT_GELU_TANH, perUnit: 2.5e-7) {
        $0 == -.infinity ? .nan : 0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
    },
    UnaryCase(name: "erf", op: WEFT_ERF, ulp: 4) { erf($0) },
    UnaryCase(name: "exp", op: WEFT_EXP, ulp: 2) { exp($0) },
    UnaryCase(name: "log", op: WEFT_LOG, ulp: 2) { log($0) },
    UnaryCase(name: "softplus", op: WEFT_SOFTPLUS, ulp: 4, absolute: 2e-38) { softplus($0) },
    UnaryCase(name: "mish", op: WEFT_MISH, ulp: 8, absolute: 1e-36) { $0 * tanh(softplus($0)) },
    UnaryCase(name: "elu", op: WEFT_ELU, alpha: 1.5, ulp: 4) { $0 < 0 ? 1.5 * expm1($0) : $0 },
    UnaryCase(name: "selu", op: WEFT_SELU, alpha: 1.5, beta: 1.25, ulp: 4) {
        1.25 * ($0 < 0 ? 1.5 * expm1($0) : $0)
    },
    UnaryCase(name: "sqrt", op: WEFT_SQRT, ulp: 0.5) { $0.squareRoot() },
    UnaryCase(name: "rsqrt", op: WEFT_RSQRT, ulp: 2) { 1 / $0.squareRoot() },
    UnaryCase(name: "reciprocal", op: WEFT_RECIPROCAL, ulp: 0.5) { 1 / $0 },
    UnaryCase(name: "abs", op: WEFT_ABS) { abs($0) },
    UnaryCase(name: "neg", op: WEFT_NEG) { -$0 },
    UnaryCase(name: "square", op: WEFT_SQUARE, ulp: 0.5) { $0 * $0 },
    UnaryCase(name: "floor", op: WEFT_FLOOR) { $0.rounded(.down) },
    UnaryCase(name: "ceil", op: WEFT_CEIL) { $0.rounded(.up) },
    UnaryCase(name: "round", op: WEFT_ROUND) { $0.rounded(.toNearestOrEven) },
]

/// Every magnitude of both signs, the ranges where functions bend, and the special values.
private let samples: [Float] = {
    var noise = Noise(7)
    var xs: [Float] = [0, -0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude]
    xs += [.leastNormalMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude]
    xs += [0.5, 1.5, 2.5, -0.5, -2.5, 88.7, 88.8, 89, -87.3, -88, -103.2, -103.9, -104, -105, 0.625, -0.625, 1, 4, -4]
    for _ in 0..<4000 {
        let pattern = UInt32(truncatingIfNeeded: noise.next())
        let x = Float(bitPattern: pattern)
        if !x.isNaN { xs.append(x) }
    }
    return xs + noise.floats(4000, -10...10) + noise.floats(2000, -110...110) + noise.floats(1000, -0.01...0.01)
}()

@Test(arguments: unaryCases.indices)
func unaryMatchesDoublePrecisionOverEveryMagnitude(_ index: Int) {
    let it = unaryCases[index]
    onEachInstructionSet { isa in
        var y = Guarded(samples.count)
        y.write { weft_unary_f32(it.op, it.alpha, it.beta, samples.count, samples, $0) }
        y.check("\(it.name) \(isa)")
        for (x, got) in zip(samples, y.values) {
            let expected = it.reference(Double(x))
            if !isClose(got, expected, within: it.tolerance(Double(x), expected)) {
                Issue.record("\(it.name) \(isa): f(\(x)) = \(got), expected \(expected)")
                return
            }
        }
    }
}

@Test func unaryHandlesEveryLengthInPlace() {
    onEachInstructionSet { isa in
        for n in 0...40 {
            var noise = Noise(n)
            let x = noise.floats(n)
            var y = Guarded(x)
            y.write { weft_unary_f32(WEFT_TANH, 0, 0, n, $0, $0) }
            y.check("tanh of \(n) \(isa)")
            expectClose(y.values, x.map { tanh(Double($0)) }, within: 2e-7, "tanh of \(n) \(isa)")
        }
    }
}

@Test(arguments: [1, 7, 8, 17, 40])
func binaryRowsRepeatWhatHasNoStride(_ n: Int) {
    var noise = Noise(n)
    let (a, b) = (noise.floats(5 * (n + 3)), noise.floats(n))
    onEachInstructionSet { isa in
        var y = Guarded(5 * n)
        y.write { weft_binary_rows_f32(WEFT_MUL, 5, n, a, n + 3, 1, b, 0, 1, $0, n) }
        y.check("\(isa) \(n)")
        let values = Array(y.values)
        for row in 0..<5 {
            for i in 0..<n { #expect(values[row * n + i] == a[row * (n + 3) + i] * b[i], "\(isa) \(n) row \(row)") }
        }
    }
}

private let binaryCases: [(String, weft_binary, @Sendable (Float, Float) -> Float)] = [
    ("add", WEFT_ADD, { $0 + $1 }), ("sub", WEFT_SUB, { $0 - $1 }), ("mul", WEFT_MUL, { $0 * $1 }),
    ("div", WEFT_DIV, { $0 / $1 }),
    ("max", WEFT_MAX, { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }),
    ("min", WEFT_MIN, { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }),
]

@Test(arguments: [0, 1, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100])
func binaryMatchesWithVectorsAndScalars(_ n: Int) {
    let special: [Float] = [.nan, 1, .nan, .infinity, -.infinity, 0, 2, 3]
    var noise = Noise(n)
    let a = noise.floats(n + 1).enumerated().map { $0 % 11 == 3 ? special[$0 % 8] : $1 }
    let b = noise.floats(n + 1).enumerated().map { $0 % 7 == 3 ? special[$0 % 8] : $1 }
    onEachInstructionSet { isa in
        for (name, op, reference) in binaryCases {
            for (aStep, bStep) in [(1, 1), (1, 0), (0, 1), (0, 0)] {
                var y = Guarded(n)
                y.write { weft_binary_f32(op, n, a, aStep, b, bStep, $0) }
                let label = "\(name) \(isa) n \(n) steps \(aStep) \(bStep)"
                y.check(label)
                expectClose(y.values, (0..<n).map { Double(reference(a[$0 * aStep], b[$0 * bStep])) }, within: 0, label)
            }
        }
    }
}
