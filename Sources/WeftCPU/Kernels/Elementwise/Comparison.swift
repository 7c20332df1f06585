import WeftProvider

/// A question about two numbers.
protocol NumberComparison: SendableMetatype {
    static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool
}

private enum IsEqual: NumberComparison {
    static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool { a == b }
}
private enum IsLess: NumberComparison {
    static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool { a < b }
}
private enum IsLessOrEqual: NumberComparison {
    static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool { a <= b }
}
private enum IsGreater: NumberComparison {
    static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool { a > b }
}
private enum IsGreaterOrEqual: NumberComparison {
    static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool { a >= b }
}

private struct ComparisonLoop<Comparison: NumberComparison>: NumberVisitor {
    let plan: Broadcast

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        CPUKernels.mapPairs(plan) { (a: T, b: T) in Comparison.holds(a.work, b.work) }
    }
}

extension CPUKernels {
    /// A body that maps every pair of elements that meet in a broadcast.
    @inline(__always)
    static func mapPairs<A: BitwiseCopyable, B: BitwiseCopyable, R: BitwiseCopyable>(
        _ plan: Broadcast, _ function: @escaping @Sendable (A, B) -> R
    ) -> HostKernel.Body {
        let (stepA, stepB) = (plan.step(1), plan.step(2))
        return { invocation throws(WeftError) in
            let a = invocation.input(0, as: A.self)
            let b = invocation.input(1, as: B.self)
            let y = invocation.output(0, as: R.self)
            try plan.forEachPiece(invocation.workers) { row, start, length in
                let a = a + (plan.offset(1, row: row) + start * stepA)
                let b = b + (plan.offset(2, row: row) + start * stepB)
                let y = y + (plan.offset(0, row: row) + start)
                for index in 0..<length { y[index] = function(a[index &* stepA], b[index &* stepB]) }
            }
        }
    }

    private static func comparison<Comparison: NumberComparison>(
        _ opType: String, _: Comparison.Type
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(.numeric),
            variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
            kernel: HostKernel { node throws(WeftError) in
                try ComparisonLoop<Comparison>(plan: Broadcast(binary: node.view)).dispatch(node.view.inputType(0))
            })
    }

    static let equal = comparison("Equal", IsEqual.self)
    static let greater = comparison("Greater", IsGreater.self)
    static let greaterOrEqual = comparison("GreaterOrEqual", IsGreaterOrEqual.self)
    static let less = comparison("Less", IsLess.self)
    static let lessOrEqual = comparison("LessOrEqual", IsLessOrEqual.self)

    /// Equality of strings.
    static let equalOfStrings = SupportRow(
        "Equal", types: TypeConstraint([.string]), dynamicOperands: true,
        variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let plan = Broadcast(binary: node.view)
            return { invocation throws(WeftError) in
                let a = try invocation.strings(0).elements
                let b = try invocation.strings(1).elements
                let y = invocation.output(0, as: Bool.self)
                try plan.forEachPiece(invocation.workers) { row, start, length in
                    for index in start..<start + length {
                        let first = a[plan.offset(1, row: row) + index * plan.step(1)]
                        let second = b[plan.offset(2, row: row) + index * plan.step(2)]
                        y[plan.offset(0, row: row) + index] = first == second
                    }
                }
            }
        })
}

extension HostInvocation {
    /// An input as strings. Throws where it is anything else.
    borrowing func strings(_ index: Int) throws(WeftError) -> StringTensor {
        guard case .strings(let strings) = try value(input: index) else {
            throw WeftError(.invalidData, "input \(index) should be a tensor of strings")
        }
        return strings
    }
}
