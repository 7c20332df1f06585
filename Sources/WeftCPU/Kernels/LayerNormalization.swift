import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let layerNormalization = row("LayerNormalization", LayerNormalizationReference.kernel)
    static let rmsNormalization = row("RMSNormalization", LayerNormalizationReference.kernel)

    private static func row(_ name: String, _ kernel: HostKernel) -> SupportRow {
        SupportRow(
            name, types: TypeConstraint(.floating), if: .oneType,
            variants: { node, _ in
                RowKernels.normalization(node) + [
                    Variant(
                        "plain", work: .elements(of: node, flopsPerElement: 8, rate: .reference),
                        inPlace: [.init(output: 0, input: 0)])
                ]
            }, kernel: kernel.with("rows", RowKernels.normalize))
    }
}

/// Where the elements of an operand lie that broadcasts to rows of a larger shape.
///
/// Has the offsets of one row where all rows are alike, else of all rows.
struct RowBroadcast: Sendable {
    private let offsets: [Int]
    private let rowStep: Int

    /// `axis` is where the rows of `shape` begin.
    init(_ operand: [Int], over shape: [Int], axis: Int) {
        let full = [Int](repeating: 1, count: shape.count - operand.count) + operand
        var strides = full.rowMajorStrides
        for index in full.indices where full[index] == 1 { strides[index] = 0 }
        let alike = full[..<axis].allSatisfy { $0 == 1 }
        var offsets = [0]
        for index in (alike ? axis : 0)..<shape.count {
            offsets = offsets.flatMap { base in (0..<shape[index]).map { base + $0 * strides[index] } }
        }
        self.offsets = offsets
        rowStep = alike ? 0 : Array(shape[axis...]).elementCount
    }

    @inline(__always)
    func offset(_ row: Int, _ index: Int) -> Int { offsets[row * rowStep + index] }
}

/// Layer normalisation, and root-mean-square normalisation, which takes no mean off.
private enum LayerNormalizationReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let view = node.view
        let shape = view.inputShape(0)
        let axis = try view.axis("axis")
        let rows = Array(shape[..<axis]).elementCount
        let length = Array(shape[axis...]).elementCount
        let epsilon = Double(try view.float("epsilon"))
        let centred = view.opType == "LayerNormalization"
        let scaleOffsets = RowBroadcast(view.inputShape(1), over: shape, axis: axis)
        let biasOffsets = view.has(input: 2) ? RowBroadcast(view.inputShape(2), over: shape, axis: axis) : nil
        let (meanType, deviationType) = (view.outputType(1), view.outputType(2))
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let scale = invocation.input(1, as: E.self)
            let bias = invocation.optionalInput(2, as: E.self)
            let y = invocation.output(0, as: E.self)
            let means = meanType.map { Statistic(invocation.output(1, as: UInt8.self), $0) }
            let deviations = deviationType.map { Statistic(invocation.output(2, as: UInt8.self), $0) }
            try invocation.workers.forEachRange(of: rows, grain: 1 + 5_000 / (1 + length)) { range, _ in
                for row in range {
                    let line = x + row * length
                    var mean = 0.0
                    if centred {
                        for i in 0..<length { mean += line[i].work.double }
                        mean /= Double(length)
                    }
                    var squares = 0.0
                    for i in 0..<length {
                        let difference = line[i].work.double - mean
                        squares += difference * difference
                    }
                    let inverse = 1 / (squares / Double(length) + epsilon).squareRoot()
                    means?.set(row, mean)
                    deviations?.set(row, inverse)
                    for i in 0..<length {
                        let normal = (line[i].work.double - mean) * inverse
                        var value = normal * scale[scaleOffsets.offset(row, i)].work.double
                        if let bias, let biasOffsets { value += bias[biasOffsets.offset(row, i)].work.double }
                        y[row * length + i] = E(work: E.Work(value))
                    }
                }
            }
        }
    }

    /// An output of statistics, float32 or bfloat16.
    private struct Statistic {
        let target: UnsafeMutableRawPointer
        let isHalf: Bool

        init(_ target: UnsafeMutablePointer<UInt8>, _ type: ElementType) {
            self.target = UnsafeMutableRawPointer(target)
            isHalf = type == .bfloat16
        }

        func set(_ index: Int, _ value: Double) {
            if isHalf {
                target.storeBytes(of: BFloat16(Float(value)), toByteOffset: index * 2, as: BFloat16.self)
            } else {
                target.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
            }
        }
    }
}
