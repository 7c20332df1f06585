import CWeftKernels
import WeftProvider
import WeftProviderKit

/// Operators on rows of neighbouring float32 numbers, by the vector kernels; rows in parallel.
enum RowKernels {
    typealias Function =
        @convention(c) (
            Int, Int, UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>, Int
        ) -> Void

    /// The variant of a node whose axis is the last, float32; none for all others.
    static func alongLastAxis(_ node: NodeView) -> [Variant] {
        let shape = node.inputShape(0)
        guard node.inputType(0) == .float32, let axis = try? node.axis("axis"), let length = shape.last, length > 0,
            Array(shape[axis...]).elementCount == length
        else { return [] }
        return [
            Variant(
                "rows", work: .elements(of: node, flopsPerElement: 4, rate: .transcendental),
                inPlace: [.init(output: 0, input: 0)])
        ]
    }

    /// Softmax or LogSoftmax.
    static func softmax(_ function: @escaping Function) -> @Sendable (HostNode) throws(WeftError) -> HostKernel.Body {
        nonisolated(unsafe) let function = function
        return { node throws(WeftError) in
            let split = AxisSplit(node.view.inputShape(0), axis: try node.view.axis("axis"))
            let length = split.length
            return { invocation throws(WeftError) in
                let x = invocation.input(0, as: Float.self)
                let y = invocation.output(0, as: Float.self)
                try invocation.workers.forEachRange(of: split.lines, grain: 1 + 8_000 / length) { range, _ in
                    let start = range.lowerBound * length
                    function(range.count, length, x + start, length, y + start, length)
                }
            }
        }
    }

    /// The variant of a LayerNormalization or RMSNormalization whose scale and bias are one row, without statistics.
    static func normalization(_ node: NodeView) -> [Variant] {
        let shape = node.inputShape(0)
        guard node.inputType(0) == .float32, !node.has(output: 1), !node.has(output: 2),
            let axis = try? node.axis("axis"), !shape.isEmpty
        else { return [] }
        let row = Array(shape[axis...])
        guard row.elementCount > 0 else { return [] }
        for index in 1...2 where node.has(input: index) {
            let operand = node.inputShape(index)
            guard operand.elementCount == row.elementCount, operand.suffix(row.count) == row[...] else { return [] }
        }
        return [
            Variant(
                "rows", work: .elements(of: node, flopsPerElement: 4), inPlace: [.init(output: 0, input: 0)])
        ]
    }

    static let normalize: @Sendable (HostNode) throws(WeftError) -> HostKernel.Body = { node throws(WeftError) in
        let shape = node.view.inputShape(0)
        let axis = try node.view.axis("axis")
        let rows = Array(shape[..<axis]).elementCount
        let length = Array(shape[axis...]).elementCount
        let epsilon = try node.view.float("epsilon")
        let centred = node.view.opType == "LayerNormalization"
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: Float.self)
            let scale = invocation.input(1, as: Float.self)
            let bias = invocation.optionalInput(2, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            try invocation.workers.forEachRange(of: rows, grain: 1 + 16_000 / length) { range, _ in
                let start = range.lowerBound * length
                if centred {
                    weft_layer_norm_f32(range.count, length, x + start, length, epsilon, scale, bias, y + start, length)
                } else {
                    weft_rms_norm_f32(range.count, length, x + start, length, epsilon, scale, y + start, length)
                }
            }
        }
    }

    /// How a reduction of a row of floats is finished.
    enum Reduction: Sendable { case sum, mean, max, min, sumOfSquares, root }

    /// The variant of a float32 reduction whose groups lie side by side.
    static func reduction(_ node: NodeView) -> [Variant] {
        guard node.inputType(0) == .float32, let axes = try? node.ints("axes") else { return [] }
        let plan = ReductionPlan(node.inputShape(0), axes: axes)
        guard plan.isContiguous, plan.reducedCount > 0 else { return [] }
        let count = Double(node.inputShape(0).elementCount)
        let bytes = Double(node.input(0)?.type.byteCount ?? 0) + Double(node.output(0)?.type.byteCount ?? 0)
        return [Variant("rows", work: Work(.elementwise, flops: count, bytes: bytes))]
    }

    static func reduce(_ method: Reduction) -> @Sendable (HostNode) throws(WeftError) -> HostKernel.Body {
        { node throws(WeftError) in
            let plan = ReductionPlan(node.view.inputShape(0), axes: try node.view.ints("axes"))
            let (groups, length) = (plan.keptCount, plan.reducedCount)
            return { invocation throws(WeftError) in
                let x = invocation.input(0, as: Float.self)
                let y = invocation.output(0, as: Float.self)
                try invocation.workers.forEachRange(of: groups, grain: 1 + 16_000 / length) { range, _ in
                    for group in range {
                        let row = x + group * length
                        switch method {
                        case .sum: y[group] = weft_sum_f32(length, row)
                        case .mean: y[group] = weft_sum_f32(length, row) / Float(length)
                        case .max: y[group] = weft_max_f32(length, row)
                        case .min: y[group] = weft_min_f32(length, row)
                        case .sumOfSquares: y[group] = weft_sum_squares_f32(length, row)
                        case .root: y[group] = weft_sum_squares_f32(length, row).squareRoot()
                        }
                    }
                }
            }
        }
    }
}
