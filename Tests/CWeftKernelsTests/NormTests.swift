import CWeftKernels
import Foundation
import Testing

private let lengths = [1, 2, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 197, 1000]

/// Runs a row kernel on three padded rows, apart and in place, and compares with `reference` row by row.
private func checkRows(
    _ n: Int, _ noise: inout Noise, range: ClosedRange<Float>, within tolerance: Double, _ name: String,
    _ kernel: (UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>, Int) -> Void, reference: ([Double]) -> [Double]
) {
    let stride = n + 3, rows = 3
    let x = noise.floats(rows * stride, range)
    onEachInstructionSet { isa in
        var apart = Guarded((rows - 1) * stride + n)
        apart.write { kernel(x, stride, $0, stride) }
        var inPlace = Guarded(x)
        inPlace.write { kernel($0, stride, $0, stride) }
        apart.check("\(name) \(n) \(isa)")
        inPlace.check("\(name) \(n) in place \(isa)")
        for row in 0..<rows {
            let expected = reference(x[row * stride..<row * stride + n].map(Double.init))
            let label = "\(name) of \(n), row \(row) \(isa)"
            let start = apart.values.startIndex + row * stride
            expectClose(apart.values[start..<start + n], expected, within: tolerance, label)
            let startInPlace = inPlace.values.startIndex + row * stride
            expectClose(inPlace.values[startInPlace..<startInPlace + n], expected, within: tolerance, label)
        }
        #expect((0..<apart.count).allSatisfy { $0 % stride < n || apart[$0] == Guarded.mark }, "\(name) gaps")
    }
}

@Test(arguments: lengths)
func softmaxMatchesReference(_ n: Int) {
    var noise = Noise(n)
    for range: ClosedRange<Float> in [-1...1, -90...90, 500...1000] {
        checkRows(n, &noise, range: range, within: 5e-7, "softmax", { weft_softmax_f32(3, n, $0, $1, $2, $3) }) { x in
            let max = x.max() ?? 0
            let total = x.reduce(0) { $0 + exp($1 - max) }
            return x.map { exp($0 - max) / total }
        }
        let tolerance = 2e-7 * Double(max(abs(range.lowerBound), abs(range.upperBound))) + 1e-6
        checkRows(
            n, &noise, range: range, within: tolerance, "log softmax", { weft_log_softmax_f32(3, n, $0, $1, $2, $3) }
        ) { x in
            let max = x.max() ?? 0
            let total = x.reduce(0) { $0 + exp($1 - max) }
            return x.map { $0 - max - log(total) }
        }
    }
}

@Test func softmaxOfAMaskedRowIgnoresMinusInfinity() {
    let x: [Float] = [1, -.infinity, 1, -.infinity, -.infinity, -.infinity, -.infinity, -.infinity, 1]
    onEachInstructionSet { isa in
        var y = Guarded(9)
        y.write { weft_softmax_f32(1, 9, x, 9, $0, 9) }
        expectClose(y.values, x.map { $0 == 1 ? 1.0 / 3 : 0 }, within: 1e-7, "masked softmax \(isa)")
    }
}

@Test(arguments: lengths)
func layerNormMatchesReference(_ n: Int) {
    var noise = Noise(n + 5)
    let scale = noise.floats(n), bias = noise.floats(n)
    let mean = { (x: [Double]) in x.reduce(0, +) / Double(x.count) }
    for (offset, tolerance) in [(Float(0), 3e-6), (100, 3e-4)] {
        for (useScale, useBias) in [(true, true), (true, false), (false, true), (false, false)] {
            checkRows(
                n, &noise, range: offset - 1...offset + 1, within: tolerance, "layer norm",
                {
                    weft_layer_norm_f32(3, n, $0, $1, 1e-2, useScale ? scale : nil, useBias ? bias : nil, $2, $3)
                }
            ) { x in
                let m = mean(x), variance = mean(x.map { ($0 - m) * ($0 - m) })
                return x.enumerated().map { i, v in
                    (v - m) / (variance + Double(Float(1e-2))).squareRoot() * (useScale ? Double(scale[i]) : 1)
                        + (useBias ? Double(bias[i]) : 0)
                }
            }
        }
    }
    checkRows(
        n, &noise, range: -2...2, within: 3e-6, "rms norm", { weft_rms_norm_f32(3, n, $0, $1, 1e-3, scale, $2, $3) }
    ) { x in
        let factor = 1 / (mean(x.map { $0 * $0 }) + Double(Float(1e-3))).squareRoot()
        return x.enumerated().map { $1 * factor * Double(scale[$0]) }
    }
}

@Test(arguments: [0, 1, 7, 8, 9, 31, 32, 33, 100, 4095, 4096, 4097, 100_003])
func reductionsMatchReference(_ n: Int) {
    var noise = Noise(n)
    let x = noise.floats(n, 0...1)
    let exact = x.map(Double.init)
    onEachInstructionSet { isa in
        #expect(isClose(weft_sum_f32(n, x), exact.reduce(0, +), within: 3e-7 * Double(n)), "sum \(n) \(isa)")
        #expect(
            isClose(weft_sum_squares_f32(n, x), exact.reduce(0) { $0 + $1 * $1 }, within: 3e-7 * Double(n)),
            "sum of squares \(n) \(isa)")
        #expect(weft_max_f32(n, x) == x.max() ?? -.infinity, "max \(n) \(isa)")
        #expect(weft_min_f32(n, x) == x.min() ?? .infinity, "min \(n) \(isa)")
        #expect(weft_max_f32(n, x.map { -$0 }) == x.map { -$0 }.max() ?? -.infinity, "max of negatives \(n) \(isa)")
        for at in [0, n / 2, n - 1] where n > 0 {
            var with = x
            with[at] = .nan
            #expect(weft_max_f32(n, with).isNaN && weft_min_f32(n, with).isNaN, "NaN at \(at) of \(n) \(isa)")
        }
    }
}
