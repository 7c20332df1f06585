import CWeftKernels
import WeftProvider

/// A function of one number, in single and double precision.
struct UnaryFunction: Sendable {
    /// The vector loop that computes it on float32, with its parameters.
    struct Vector: Sendable {
        var operation: weft_unary
        var alpha: Float = 0
        var beta: Float = 0
    }

    let vector: Vector?
    let single: @Sendable (Float) -> Float
    let double: @Sendable (Double) -> Double

    init(
        _ vector: Vector? = nil, _ single: @escaping @Sendable (Float) -> Float,
        _ double: @escaping @Sendable (Double) -> Double
    ) {
        self.vector = vector
        self.single = single
        self.double = double
    }

    init(
        _ operation: weft_unary, _ single: @escaping @Sendable (Float) -> Float,
        _ double: @escaping @Sendable (Double) -> Double
    ) {
        self.init(Vector(operation: operation), single, double)
    }

    /// A kernel's body that applies the function to `count` elements.
    func body(_ type: ElementType?, count: Int) throws(WeftError) -> HostKernel.Body {
        switch type {
        case .float32: return singleBody(count)
        case .float64:
            let function = double
            return { invocation throws(WeftError) in
                let x = invocation.input(0, as: Double.self)
                let y = invocation.output(0, as: Double.self)
                try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                    for index in range { y[index] = function(x[index]) }
                }
            }
        case .float16: return halfBody(Float16.self, count)
        case .bfloat16: return halfBody(BFloat16.self, count)
        default: throw WeftError(.internalInconsistency, "a function of floats was given another type")
        }
    }

    private func singleBody(_ count: Int) -> HostKernel.Body {
        if let vector {
            return { invocation throws(WeftError) in
                let x = invocation.input(0, as: Float.self)
                let y = invocation.output(0, as: Float.self)
                try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                    weft_unary_f32(
                        vector.operation, vector.alpha, vector.beta, range.count, x + range.lowerBound,
                        y + range.lowerBound)
                }
            }
        }
        let function = single
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                for index in range { y[index] = function(x[index]) }
            }
        }
    }

    private func halfBody<T: KernelNumber>(_ type: T.Type, _ count: Int) -> HostKernel.Body
    where T.Work == Float {
        let function = single
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: T.self)
            let y = invocation.output(0, as: T.self)
            try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                for index in range { y[index] = T(work: function(x[index].work)) }
            }
        }
    }
}

extension CPUKernels {
    /// A row for a function of one float that depends on the node's attributes.
    static func unary(
        _ opType: String, flops: Double, _ rate: RateKey,
        _ function: @escaping @Sendable (NodeView) throws(WeftError) -> UnaryFunction
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(.floating),
            variants: { node, _ in Variant.elementwise(node, flops: flops, rate: rate) },
            kernel: HostKernel { node throws(WeftError) in
                let function = try function(node.view)
                return try function.body(node.view.inputType(0), count: node.view.output(0)?.storedCount ?? 0)
            })
    }

    /// A row for a function of one float.
    static func unary(_ opType: String, flops: Double, _ rate: RateKey, _ function: UnaryFunction) -> SupportRow {
        unary(opType, flops: flops, rate) { _ throws(WeftError) in function }
    }
}
