import WeftProvider

/// A function of one number of any type.
protocol UnaryOperation: SendableMetatype {
    static func apply<N: WorkNumber>(_ x: N) -> N
}

private enum AbsoluteValue: UnaryOperation {
    static func apply<N: WorkNumber>(_ x: N) -> N { x < .zero ? .difference(.zero, x) : x }
}

private enum Negation: UnaryOperation {
    static func apply<N: WorkNumber>(_ x: N) -> N { .difference(.zero, x) }
}

private enum Sign: UnaryOperation {
    static func apply<N: WorkNumber>(_ x: N) -> N {
        x > .zero ? .one : x < .zero ? N(whole: -1) : .zero
    }
}

private enum Rectifier: UnaryOperation {
    static func apply<N: WorkNumber>(_ x: N) -> N { .larger(x, .zero) }
}

private struct UnaryLoop<Operation: UnaryOperation>: NumberVisitor {
    let count: Int

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let count = count
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: T.self)
            let y = invocation.output(0, as: T.self)
            try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                for index in range { y[index] = T(work: Operation.apply(x[index].work)) }
            }
        }
    }
}

extension CPUKernels {
    private static func integers<Operation: UnaryOperation>(_ opType: String, _: Operation.Type) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(.integer),
            variants: { node, _ in Variant.elementwise(node, rate: .reference) },
            kernel: HostKernel { node throws(WeftError) in
                try UnaryLoop<Operation>(count: node.view.outputShape(0).elementCount)
                    .dispatch(node.view.inputType(0))
            })
    }

    static let absOfIntegers = integers("Abs", AbsoluteValue.self)
    static let negOfIntegers = integers("Neg", Negation.self)
    static let reluOfIntegers = integers("Relu", Rectifier.self)
    static let signOfIntegers = integers("Sign", Sign.self)

    /// The bytes of a tensor, each mapped by `function`; `bytes` says how many there are.
    private static func bytewise(
        _ opType: String, _ types: ElementTypes, _ function: @escaping @Sendable (UInt8) -> UInt8
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(types), variants: { node, _ in Variant.elementwise(node, rate: .reference) },
            kernel: HostKernel { node throws(WeftError) in
                let count = node.view.output(0)?.type.byteCount ?? 0
                return { invocation throws(WeftError) in
                    let x = invocation.input(0, as: UInt8.self)
                    let y = invocation.output(0, as: UInt8.self)
                    try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                        for index in range { y[index] = function(x[index]) }
                    }
                }
            })
    }

    static let bitwiseNot = bytewise("BitwiseNot", .integer) { ~$0 }
    static let not = bytewise("Not", [.bool]) { $0 == 0 ? 1 : 0 }
}
