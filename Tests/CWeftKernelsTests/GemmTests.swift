import CWeftKernels
import Foundation
import Testing

/// An epilogue whose pointers lie in arrays, and the same in double precision.
struct Epilogue {
    var scale: Float = 1
    var bias: [Float]?
    var residual: [Float]?
    var residualStride = 0
    var residualLast = false
    var activation = WEFT_IDENTITY
    var alpha: Float = 0
    var beta: Float = 0

    func withC(_ body: (UnsafePointer<weft_epilogue>) -> Void) {
        func pointer(_ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Void) {
            if let values { values.withUnsafeBufferPointer { body($0.baseAddress) } } else { body(nil) }
        }
        pointer(bias) { bias in
            pointer(residual) { residual in
                var c = weft_epilogue(
                    scale: scale, bias: bias, residual: residual, residual_stride: residualStride,
                    residual_last: residualLast, activation: activation, alpha: alpha, beta: beta)
                body(&c)
            }
        }
    }

    func apply(_ sum: Double, row: Int, column: Int) -> Double {
        let extra = residual.map { Double($0[row * residualStride + column]) } ?? 0
        let v = Double(scale) * sum + (bias.map { Double($0[column]) } ?? 0)
        return residualLast ? activate(v) + extra : activate(v + extra)
    }

    private func activate(_ v: Double) -> Double {
        switch activation {
        case WEFT_RELU: max(v, 0)
        case WEFT_CLIP: min(max(v, Double(alpha)), Double(beta))
        case WEFT_SILU: v / (1 + exp(-Double(alpha) * v))
        case WEFT_LEAKY_RELU: v < 0 ? Double(alpha) * v : v
        default: v
        }
    }

    /// A mix of every part, for `rows` by `columns` outputs.
    static func samples(rows: Int, columns: Int, _ noise: inout Noise) -> [Epilogue] {
        let bias = noise.floats(columns), stride = columns + 3
        let residual = noise.floats(rows * stride)
        return [
            Epilogue(),
            Epilogue(scale: 0.5, bias: bias, activation: WEFT_RELU),
            Epilogue(
                bias: bias, residual: residual, residualStride: stride, activation: WEFT_CLIP, alpha: -0.3, beta: 0.4),
            Epilogue(residual: residual, residualStride: stride, residualLast: true, activation: WEFT_RELU),
            Epilogue(bias: bias, activation: WEFT_SILU, alpha: 1),
            Epilogue(
                bias: bias, residual: residual, residualStride: stride, residualLast: true, activation: WEFT_SILU,
                alpha: 1),
            Epilogue(
                scale: -2, residual: residual, residualStride: stride, activation: WEFT_LEAKY_RELU, alpha: 0.1),
        ]
    }
}

private struct Product {
    let m: Int, n: Int, k: Int
    let lda: Int, ldb: Int, ldc: Int
    let transposed: Bool
    let a: [Float], b: [Float]
    let sums: [Double]

    init(_ m: Int, _ n: Int, _ k: Int, transposed: Bool = false) {
        (self.m, self.n, self.k, self.transposed) = (m, n, k, transposed)
        (lda, ldb, ldc) = (k + 2, (transposed ? k : n) + 1, n + 5)
        var noise = Noise(m * 10_007 + n * 101 + k)
        a = noise.floats(m * lda)
        b = noise.floats((transposed ? n : k) * ldb)
        var sums = [Double](repeating: 0, count: m * n)
        for i in 0..<m {
            for j in 0..<n {
                for l in 0..<k {
                    sums[i * n + j] += Double(a[i * lda + l]) * Double(transposed ? b[j * ldb + l] : b[l * ldb + j])
                }
            }
        }
        self.sums = sums
    }

    func packed() -> [Float] {
        var packed = Guarded(weft_sgemm_pack_b_size(k, n))
        packed.write { weft_sgemm_pack_b(b, ldb, transposed, k, n, 0, n, $0) }
        packed.check("pack \(k) \(n)")
        return Array(packed.values)
    }

    /// Runs columns `j0 ..< j1` and compares all of C: the rest must keep its mark.
    func check(_ epilogue: Epilogue?, columns: Range<Int>, packed: [Float], _ isa: String) {
        var c = Guarded((m - 1) * ldc + n)
        let label = "\(m)x\(n)x\(k) columns \(columns) \(isa) \(epilogue.map { "\($0.activation)" } ?? "plain")"
        c.write { out in
            if let epilogue {
                epilogue.withC {
                    weft_sgemm(m, columns.lowerBound, columns.upperBound, k, a, lda, packed, out, ldc, $0)
                }
            } else {
                weft_sgemm(m, columns.lowerBound, columns.upperBound, k, a, lda, packed, out, ldc, nil)
            }
        }
        c.check(label)
        let tolerance = 4e-7 * Double(k + 4)
        for i in 0..<m {
            for j in 0..<(i + 1 < m ? ldc : n) {
                let got = c[i * ldc + j]
                if columns.contains(j) {
                    let sum = sums[i * n + j]
                    let expected = epilogue?.apply(sum, row: i, column: j) ?? sum
                    if isClose(got, expected, within: tolerance) { continue }
                    Issue.record("\(label): at (\(i), \(j)) \(got), expected \(expected)")
                } else {
                    if got == Guarded.mark { continue }
                    Issue.record("\(label): wrote (\(i), \(j))")
                }
                return
            }
        }
    }
}

@Test(arguments: [1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 17, 31, 32, 33])
func sgemmMatchesReferenceAtEveryEdge(_ m: Int) {
    for n in [1, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 50] {
        for k in [0, 1, 2, 3, 4, 5, 17, 40] {
            let product = Product(m, n, k)
            let packed = product.packed()
            onEachInstructionSet { product.check(nil, columns: 0..<n, packed: packed, $0) }
        }
    }
}

@Test(arguments: [(1, 33), (5, 16), (13, 21), (20, 40)])
func sgemmAppliesEveryEpilogue(_ m: Int, _ n: Int) {
    var noise = Noise(m + n)
    let product = Product(m, n, 19)
    let packed = product.packed()
    for epilogue in Epilogue.samples(rows: m, columns: n, &noise) {
        onEachInstructionSet {
            product.check(epilogue, columns: 0..<n, packed: packed, $0)
            product.check(epilogue, columns: 16..<max(n, 16), packed: packed, $0)
        }
    }
}

@Test func sgemmReadsATransposedMatrix() {
    for (m, n, k) in [(7, 17, 9), (3, 16, 32), (1, 1, 1), (6, 40, 13)] {
        let product = Product(m, n, k, transposed: true)
        let packed = product.packed()
        onEachInstructionSet { product.check(nil, columns: 0..<n, packed: packed, $0) }
    }
}

@Test func sgemmSumsLongStretchesInParts() {
    var noise = Noise(3)
    let product = Product(15, 35, 4100)
    let packed = product.packed()
    for epilogue in Epilogue.samples(rows: 15, columns: 35, &noise) {
        onEachInstructionSet { product.check(epilogue, columns: 0..<35, packed: packed, $0) }
    }
}

@Test func sgemmCrossesBlocksOfRows() {
    let product = Product(401, 18, 300)
    let packed = product.packed()
    onEachInstructionSet { product.check(nil, columns: 0..<18, packed: packed, $0) }
}

@Test func packingInPartsEqualsPackingAtOnce() {
    let product = Product(1, 45, 9)
    let whole = product.packed()
    var parts = Guarded(whole.count)
    parts.write {
        weft_sgemm_pack_b(product.b, product.ldb, false, 9, 45, 16, 45, $0)
        weft_sgemm_pack_b(product.b, product.ldb, false, 9, 45, 0, 16, $0)
    }
    parts.check("pack in parts")
    #expect(Array(parts.values) == whole)
}
