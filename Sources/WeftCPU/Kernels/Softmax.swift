import CWeftKernels
import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let softmax = alongAxis(
        "Softmax",
        SoftmaxReference<Exponentials>.kernel.with("rows", RowKernels.softmax(weft_softmax_f32)).with(
            "columns", SoftmaxColumns.make), columns: true)
    static let logSoftmax = alongAxis(
        "LogSoftmax", SoftmaxReference<Logarithms>.kernel.with("rows", RowKernels.softmax(weft_log_softmax_f32)))
    static let hardmax = alongAxis("Hardmax", SoftmaxReference<FirstGreatest>.kernel, rows: false)

    private static func alongAxis(
        _ name: String, _ kernel: HostKernel, rows: Bool = true, columns: Bool = false
    ) -> SupportRow {
        SupportRow(
            name, types: TypeConstraint(.floating),
            variants: { node, _ in
                (rows ? RowKernels.alongLastAxis(node) : []) + (columns ? SoftmaxColumns.variants(node) : []) + [
                    Variant(
                        "plain", work: .elements(of: node, flopsPerElement: 20, rate: .reference),
                        inPlace: [.init(output: 0, input: 0)])
                ]
            }, kernel: kernel)
    }
}

/// What becomes of the elements of a slice, given the slice's greatest element.
private protocol LineMap: SendableMetatype {
    static func map<E: KernelFloat>(
        _ x: UnsafePointer<E>, _ y: UnsafeMutablePointer<E>, _ count: Int, _ step: Int, _ greatest: Double)
}

private enum Exponentials: LineMap {
    static func map<E: KernelFloat>(
        _ x: UnsafePointer<E>, _ y: UnsafeMutablePointer<E>, _ count: Int, _ step: Int, _ greatest: Double
    ) {
        var sum = 0.0
        for i in 0..<count { sum += (x[i * step].work.double - greatest).exponential }
        for i in 0..<count { y[i * step] = E(work: E.Work((x[i * step].work.double - greatest).exponential / sum)) }
    }
}

private enum Logarithms: LineMap {
    static func map<E: KernelFloat>(
        _ x: UnsafePointer<E>, _ y: UnsafeMutablePointer<E>, _ count: Int, _ step: Int, _ greatest: Double
    ) {
        var sum = 0.0
        for i in 0..<count { sum += (x[i * step].work.double - greatest).exponential }
        let logarithm = sum.logarithm
        for i in 0..<count { y[i * step] = E(work: E.Work(x[i * step].work.double - greatest - logarithm)) }
    }
}

private enum FirstGreatest: LineMap {
    static func map<E: KernelFloat>(
        _ x: UnsafePointer<E>, _ y: UnsafeMutablePointer<E>, _ count: Int, _ step: Int, _ greatest: Double
    ) {
        var found = false
        for i in 0..<count {
            let first = !found && x[i * step].work.double == greatest
            found = found || first
            y[i * step] = E(work: first ? 1 : 0)
        }
    }
}

private enum SoftmaxReference<Map: LineMap>: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let split = AxisSplit(node.view.inputShape(0), axis: try node.view.axis("axis"))
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            let grain = 1 + 2_000 / Swift.max(split.length, 1)
            try invocation.workers.forEachRange(of: split.length == 0 ? 0 : split.lines, grain: grain) { range, _ in
                for line in range {
                    let start = split.start(line)
                    var greatest = x[start].work
                    for i in 1..<Swift.max(split.length, 1) {
                        let value = x[start + i * split.inner].work
                        if value > greatest || value.isNaN { greatest = value }
                    }
                    Map.map(x + start, y + start, split.length, split.inner, greatest.double)
                }
            }
        }
    }
}
