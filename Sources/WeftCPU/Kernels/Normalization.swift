import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let groupNormalization = normalization("GroupNormalization", GroupNormalizationReference.kernel)
    static let instanceNormalization = normalization("InstanceNormalization", GroupNormalizationReference.kernel)
    static let lpNormalization = normalization("LpNormalization", LpNormalizationReference.kernel)
    static let lrn = normalization("LRN", LRNReference.kernel, inPlace: false)
    static let meanVarianceNormalization = normalization(
        "MeanVarianceNormalization", MeanVarianceReference.kernel)

    private static func normalization(_ name: String, _ kernel: HostKernel, inPlace: Bool = true) -> SupportRow {
        SupportRow(
            name, types: TypeConstraint(.floating), if: .oneType,
            variants: { node, _ in
                [
                    Variant(
                        "plain", work: .elements(of: node, flopsPerElement: 8, rate: .reference),
                        inPlace: inPlace ? [.init(output: 0, input: 0)] : [])
                ]
            }, kernel: kernel)
    }
}

/// Mean 0 and variance 1 over groups of channels; one channel a group for InstanceNormalization.
private enum GroupNormalizationReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let view = node.view
        let shape = view.inputShape(0)
        let channels = shape[1]
        let groups = view.opType == "GroupNormalization" ? try view.int("num_groups") : channels
        let perGroup = groups == 0 ? 0 : channels / groups
        let plane = Array(shape[2...]).elementCount
        let epsilon = Double(try view.float("epsilon"))
        let byGroup = view.inputShape(1) == [groups] && groups != channels
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let scale = invocation.input(1, as: E.self)
            let bias = invocation.input(2, as: E.self)
            let y = invocation.output(0, as: E.self)
            let size = perGroup * plane
            try invocation.workers.forEachRange(of: shape[0] * groups, grain: 1 + 5_000 / (1 + size)) { range, _ in
                for block in range {
                    let line = x + block * size
                    var sum = 0.0
                    for i in 0..<size { sum += line[i].work.double }
                    let mean = sum / Double(size)
                    var squares = 0.0
                    for i in 0..<size {
                        let difference = line[i].work.double - mean
                        squares += difference * difference
                    }
                    let inverse = 1 / (squares / Double(size) + epsilon).squareRoot()
                    for inside in 0..<perGroup {
                        let group = block % groups
                        let index = byGroup ? group : group * perGroup + inside
                        let factor = scale[index].work.double * inverse
                        let offset = bias[index].work.double
                        let first = block * size + inside * plane
                        for i in first..<first + plane {
                            y[i] = E(work: E.Work((x[i].work.double - mean) * factor + offset))
                        }
                    }
                }
            }
        }
    }
}

private enum LpNormalizationReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let split = AxisSplit(node.view.inputShape(0), axis: try node.view.axis("axis"))
        let squared = try node.view.int("p") == 2
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: split.lines, grain: 1 + 5_000 / (1 + split.length)) { range, _ in
                for line in range {
                    let start = split.start(line)
                    var sum = 0.0
                    for i in 0..<split.length {
                        let value = x[start + i * split.inner].work.double
                        sum += squared ? value * value : value.magnitude
                    }
                    let norm = squared ? sum.squareRoot() : sum
                    for i in 0..<split.length {
                        let index = start + i * split.inner
                        y[index] = E(work: norm == 0 ? 0 : E.Work(x[index].work.double / norm))
                    }
                }
            }
        }
    }
}

private enum LRNReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let split = AxisSplit(node.view.inputShape(0), axis: 1)
        let size = try node.view.int("size")
        let factor = Double(try node.view.float("alpha")) / Double(size)
        let (beta, bias) = (Double(try node.view.float("beta")), Double(try node.view.float("bias")))
        let (before, after) = ((size - 1) / 2, size / 2)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: split.lines, grain: 64) { range, _ in
                for line in range {
                    let start = split.start(line)
                    for c in 0..<split.length {
                        var sum = 0.0
                        for other in Swift.max(0, c - before)...Swift.min(split.length - 1, c + after) {
                            let value = x[start + other * split.inner].work.double
                            sum += value * value
                        }
                        let index = start + c * split.inner
                        y[index] = E(work: E.Work(x[index].work.double / (bias + factor * sum).power(beta)))
                    }
                }
            }
        }
    }
}

private enum MeanVarianceReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let plan = ReductionPlan(node.view.inputShape(0), axes: try node.view.ints("axes"))
        let count = Double(plan.reducedCount)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            let grain = 1 + 5_000 / (1 + plan.reducedCount)
            try invocation.workers.forEachRange(of: plan.keptCount, grain: grain) { range, _ in
                for index in range {
                    let start = plan.start(index)
                    var sum = 0.0
                    plan.forEachElement { sum += x[start + $0].work.double }
                    let mean = sum / count
                    var squares = 0.0
                    plan.forEachElement {
                        let difference = x[start + $0].work.double - mean
                        squares += difference * difference
                    }
                    let deviation = (squares / count).squareRoot() + 1e-9
                    plan.forEachElement {
                        y[start + $0] = E(work: E.Work((x[start + $0].work.double - mean) / deviation))
                    }
                }
            }
        }
    }
}
