import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let negativeLogLikelihoodLoss = loss("NegativeLogLikelihoodLoss", kernel: LikelihoodReference.kernel)
    static let softmaxCrossEntropyLoss = loss("SoftmaxCrossEntropyLoss", kernel: CrossEntropyReference.kernel)

    private static func loss(_ opType: String, kernel: HostKernel) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(.floating, operands: [1: [.int32, .int64]]),
            variants: { node, _ in
                let work = Work(
                    .reference, flops: 10 * Double(node.inputShape(0).elementCount),
                    bytes: Double(node.input(0)?.type.byteCount ?? 0))
                return [Variant("plain", work: work)]
            }, kernel: kernel)
    }
}

private enum LikelihoodReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let loss = try Loss(node.view)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            try loss.run(invocation, E.self) { Double(x[$0].work) }
        }
    }
}

private enum CrossEntropyReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let loss = try Loss(node.view)
        let (classes, inner) = (loss.classes, loss.inner)
        let rows = loss.rows
        let givesLogs = node.view.has(output: 1)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            /// The logarithm of the sum of exponentials over the classes of a row.
            func logSum(_ row: Int) -> Double {
                let start = row / inner * classes * inner + row % inner
                var peak = -Double.infinity
                for c in 0..<classes { peak = Swift.max(peak, Double(x[start + c * inner].work)) }
                var sum = 0.0
                for c in 0..<classes { sum += (Double(x[start + c * inner].work) - peak).exponential }
                return peak + sum.logarithm
            }
            func row(_ element: Int) -> Int { element / (classes * inner) * inner + element % inner }
            if givesLogs {
                let logs = invocation.output(1, as: E.self)
                for index in 0..<rows {
                    let sum = logSum(index)
                    let start = index / inner * classes * inner + index % inner
                    for c in 0..<classes {
                        logs[start + c * inner] = E(work: E.Work(Double(x[start + c * inner].work) - sum))
                    }
                }
            }
            try loss.run(invocation, E.self) { Double(x[$0].work) - logSum(row($0)) }
        }
    }
}

/// What both losses have in common: targets, weights and reduction.
private struct Loss: Sendable {
    let classes: Int
    let inner: Int
    let rows: Int
    private let reduction: String
    private let ignored: Int?
    private let short: Bool

    init(_ node: NodeView) throws(WeftError) {
        let x = node.inputShape(0)
        classes = x[1]
        inner = x[2...].reduce(1, &*)
        rows = x[0] * inner
        reduction = try node.string("reduction")
        ignored = node.attributes["ignore_index"] == nil ? nil : try node.int("ignore_index")
        short = node.inputType(1) == .int32
    }

    /// `logProbability` takes an offset into the scores. Throws `.invalidData` for a target that is no class.
    func run<E: KernelFloat>(
        _ invocation: borrowing HostInvocation, _ type: E.Type, _ logProbability: (Int) -> Double
    ) throws(WeftError) {
        let weights = invocation.optionalInput(2, as: E.self)
        let y = invocation.output(0, as: E.self)
        var (total, weight) = (0.0, 0.0)
        for row in 0..<rows {
            let target =
                short
                ? Int(invocation.input(1, as: Int32.self)[row]) : Int(invocation.input(1, as: Int64.self)[row])
            var value = 0.0
            if target != ignored {
                guard target >= 0, target < classes else {
                    throw WeftError(.invalidData, "target \(target) is none of the \(classes) classes")
                }
                let factor = weights.map { Double($0[target].work) } ?? 1
                value = -logProbability((row / inner * classes + target) * inner + row % inner) * factor
                weight += factor
            }
            total += value
            if reduction == "none" { y[row] = E(work: E.Work(value)) }
        }
        if reduction == "sum" { y[0] = E(work: E.Work(total)) }
        if reduction == "mean" { y[0] = E(work: E.Work(total / weight)) }
    }
}
