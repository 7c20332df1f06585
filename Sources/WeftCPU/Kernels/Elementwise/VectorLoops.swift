import CWeftKernels
import WeftProvider
import WeftProviderKit

/// The same loops by the vector kernels; nil where those do not have the element type.
enum VectorLoops {
    /// y[i] = f(x[i]), with the function's parameters.
    static func map(
        _ function: weft_unary, alpha: Float = 0, beta: Float = 0, _ type: ElementType?, _ count: Int
    ) -> HostKernel.Body? {
        guard type == .float32 else { return nil }
        return { invocation throws(WeftError) in try run(invocation, count, function, alpha, beta) }
    }

    /// The same with parameters that only a run knows, on float32.
    static func run(
        _ invocation: borrowing HostInvocation, _ count: Int, _ function: weft_unary, _ alpha: Float, _ beta: Float
    ) throws(WeftError) {
        let x = invocation.input(0, as: Float.self)
        let y = invocation.output(0, as: Float.self)
        try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
            weft_unary_f32(function, alpha, beta, range.count, x + range.lowerBound, y + range.lowerBound)
        }
    }

    /// y = f(a, b) for operands that broadcast; many short rows in one call.
    static func map(_ function: weft_binary, _ type: ElementType?, _ plan: Broadcast) -> HostKernel.Body? {
        guard type == .float32 else { return nil }
        let length = plan.rowLength
        // Rows of the innermost dimension but one stand in one call.
        let outer = plan.dimensions.count - 2
        guard outer >= 0, length > 0, length <= 16_000 else { return pieces(function, plan) }
        let (stepA, stepB) = (plan.step(1), plan.step(2))
        let (rows, strides) = (plan.dimensions[outer], plan.strides.map { $0[outer] })
        let grain = 1 + 16_000 / length
        return { invocation throws(WeftError) in
            let a = invocation.input(0, as: Float.self)
            let b = invocation.input(1, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            try invocation.workers.forEachRange(of: plan.count / length, grain: grain) { range, _ in
                var row = range.lowerBound
                while row < range.upperBound {
                    let count = Swift.min(range.upperBound - row, rows - row % rows)
                    weft_binary_rows_f32(
                        function, count, length, a + plan.offset(1, row: row), strides[1], stepA,
                        b + plan.offset(2, row: row), strides[2], stepB, y + plan.offset(0, row: row), strides[0])
                    row += count
                }
            }
        }
    }

    private static func pieces(_ function: weft_binary, _ plan: Broadcast) -> HostKernel.Body {
        let (stepA, stepB) = (plan.step(1), plan.step(2))
        return { invocation throws(WeftError) in
            let a = invocation.input(0, as: Float.self)
            let b = invocation.input(1, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            try plan.forEachPiece(invocation.workers) { row, start, length in
                weft_binary_f32(
                    function, length, a + (plan.offset(1, row: row) + start * stepA), stepA,
                    b + (plan.offset(2, row: row) + start * stepB), stepB, y + (plan.offset(0, row: row) + start))
            }
        }
    }

    /// A fold of two operands and more: the first two into the output, then each other one onto it.
    ///
    /// Memory may be shared with one of the first two operands, not with a later one. Nil, too, for outputs that are
    /// not dense along a row.
    static func fold(_ function: weft_binary, _ type: ElementType?, _ plan: Broadcast) -> HostKernel.Body? {
        let operands = plan.strides.count - 1
        guard type == .float32, operands >= 2, plan.step(0) == 1 else { return nil }
        return { invocation throws(WeftError) in
            var inputs: [UnsafePointer<Float>] = []
            for index in 0..<operands { inputs.append(invocation.input(index, as: Float.self)) }
            let y = invocation.output(0, as: Float.self)
            try plan.forEachPiece(invocation.workers) { row, start, length in
                func at(_ operand: Int) -> UnsafePointer<Float> {
                    inputs[operand] + (plan.offset(operand + 1, row: row) + start * plan.step(operand + 1))
                }
                let y = y + (plan.offset(0, row: row) + start)
                weft_binary_f32(function, length, at(0), plan.step(1), at(1), plan.step(2), y)
                for operand in 2..<operands {
                    weft_binary_f32(function, length, y, 1, at(operand), plan.step(operand + 1), y)
                }
            }
        }
    }
}
