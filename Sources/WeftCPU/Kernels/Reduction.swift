import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let reduceL1 = reduction("ReduceL1", .sums, ReductionReference<SumOfMagnitudes>.kernel)
    static let reduceL2 = reduction("ReduceL2", .sums, ReductionReference<RootOfSquares>.kernel, rows: .root)
    static let reduceLogSum = reduction("ReduceLogSum", .sums, ReductionReference<LogOfSum>.kernel)
    static let reduceLogSumExp = reduction("ReduceLogSumExp", .sums, LogSumExpReference.kernel)
    static let reduceMax = reduction("ReduceMax", .ordered, ReductionReference<Greatest>.kernel, rows: .max)
    static let reduceMean = reduction("ReduceMean", .sums, ReductionReference<Mean>.kernel, rows: .mean)
    static let reduceMin = reduction("ReduceMin", .ordered, ReductionReference<Least>.kernel, rows: .min)
    static let reduceProd = reduction("ReduceProd", .sums, ReductionReference<Product>.kernel)
    static let reduceSum = reduction("ReduceSum", .sums, ReductionReference<Sum>.kernel, rows: .sum)
    static let reduceSumSquare = reduction(
        "ReduceSumSquare", .sums, ReductionReference<SumOfSquares>.kernel, rows: .sumOfSquares)

    private static func reduction(
        _ name: String, _ types: ElementTypes, _ kernel: HostKernel, rows: RowKernels.Reduction? = nil
    ) -> SupportRow {
        SupportRow(
            name, types: TypeConstraint(types, operands: [1: [.int64]]),
            variants: { node, _ in
                let count = Double(node.inputShape(0).elementCount)
                let bytes = Double(node.input(0)?.type.byteCount ?? 0) + Double(node.output(0)?.type.byteCount ?? 0)
                let plain = Variant("plain", work: Work(.reference, flops: count, bytes: bytes))
                return (rows == nil ? [] : RowKernels.reduction(node)) + [plain]
            }, kernel: rows.map { kernel.with("rows", RowKernels.reduce($0)) } ?? kernel)
    }
}

extension ElementTypes {
    /// What has a greatest and a least: every type of number that the standard names, and booleans.
    static let ordered: ElementTypes = sums.union([.int8, .uint8, .int16, .uint16, .bool])
}

/// How a reduction folds: where it starts, what an element adds, what is made of it at the end.
private protocol Fold: SendableMetatype {
    static func initial<W: WorkNumber>(_ type: W.Type) -> W
    static func add<W: WorkNumber>(_ x: W, to total: W) -> W
    static func finish<W: WorkNumber>(_ total: W, count: Int) -> W
}

extension Fold {
    static func initial<W: WorkNumber>(_ type: W.Type) -> W { .zero }
    static func finish<W: WorkNumber>(_ total: W, count: Int) -> W { total }
}

private enum Sum: Fold {
    static func add<W: WorkNumber>(_ x: W, to total: W) -> W { .sum(total, x) }
}

private enum Mean: Fold {
    static func add<W: WorkNumber>(_ x: W, to total: W) -> W { .sum(total, x) }
    static func finish<W: WorkNumber>(_ total: W, count: Int) -> W { .quotient(total, W(double: Double(count))) }
}

private enum Product: Fold {
    static func initial<W: WorkNumber>(_ type: W.Type) -> W { .one }
    static func add<W: WorkNumber>(_ x: W, to total: W) -> W { .product(total, x) }
}

private enum SumOfSquares: Fold {
    static func add<W: WorkNumber>(_ x: W, to total: W) -> W { .sum(total, .product(x, x)) }
}

private enum RootOfSquares: Fold {
    static func add<W: WorkNumber>(_ x: W, to total: W) -> W { .sum(total, .product(x, x)) }
    static func finish<W: WorkNumber>(_ total: W, count: Int) -> W { W(double: total.double.squareRoot()) }
}

private enum SumOfMagnitudes: Fold {
    static func add<W: WorkNumber>(_ x: W, to total: W) -> W {
        .sum(total, x < .zero ? .product(x, W(double: -1)) : x)
    }
}

private enum LogOfSum: Fold {
    static func add<W: WorkNumber>(_ x: W, to total: W) -> W { .sum(total, x) }
    static func finish<W: WorkNumber>(_ total: W, count: Int) -> W { W(double: total.double.logarithm) }
}

private enum Greatest: Fold {
    static func initial<W: WorkNumber>(_ type: W.Type) -> W { .lowest }
    static func add<W: WorkNumber>(_ x: W, to total: W) -> W { x > total || x.isNotANumber ? x : total }
}

private enum Least: Fold {
    static func initial<W: WorkNumber>(_ type: W.Type) -> W { .highest }
    static func add<W: WorkNumber>(_ x: W, to total: W) -> W { x < total || x.isNotANumber ? x : total }
}

private enum ReductionReference<Method: Fold>: NumberKernel {
    static func make<E: KernelNumber>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let plan = ReductionPlan(node.view.inputShape(0), axes: try node.view.ints("axes"))
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            let grain = 1 + 10_000 / (1 + plan.reducedCount)
            try invocation.workers.forEachRange(of: plan.keptCount, grain: grain) { range, _ in
                for index in range {
                    let start = plan.start(index)
                    var total = Method.initial(E.Work.Wide.self)
                    plan.forEachElement { total = Method.add(x[start + $0].work.wide, to: total) }
                    y[index] = E(work: E.Work(wide: Method.finish(total, count: plan.reducedCount)))
                }
            }
        }
    }
}

/// log(sum(exp(x))), the greatest element taken off first.
private enum LogSumExpReference: NumberKernel {
    static func make<E: KernelNumber>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let plan = ReductionPlan(node.view.inputShape(0), axes: try node.view.ints("axes"))
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            let grain = 1 + 1_000 / (1 + plan.reducedCount)
            try invocation.workers.forEachRange(of: plan.keptCount, grain: grain) { range, _ in
                for index in range {
                    let start = plan.start(index)
                    var greatest = -Double.infinity
                    plan.forEachElement { greatest = Greatest.add(x[start + $0].work.double, to: greatest) }
                    var sum = 0.0
                    if greatest.isFinite {
                        plan.forEachElement { sum += (x[start + $0].work.double - greatest).exponential }
                    }
                    let result = greatest.isFinite ? greatest + sum.logarithm : greatest
                    y[index] = E(work: E.Work(double: result))
                }
            }
        }
    }
}
