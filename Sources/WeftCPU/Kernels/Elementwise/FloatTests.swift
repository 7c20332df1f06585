import WeftProvider

/// A question about one float.
private protocol FloatTest: Sendable {
    func holds<F: BinaryFloatingPoint>(_ x: F) -> Bool
}

private struct NotANumber: FloatTest {
    func holds<F: BinaryFloatingPoint>(_ x: F) -> Bool { x.isNaN }
}

private struct Infinite: FloatTest {
    let negative: Bool
    let positive: Bool
    func holds<F: BinaryFloatingPoint>(_ x: F) -> Bool { x.isInfinite && (x < 0 ? negative : positive) }
}

extension CPUKernels {
    /// Whether each element is NaN.
    static let isNaN = test("IsNaN") { _ throws(WeftError) in NotANumber() }

    /// Whether each element is infinite, of the signs that `detect_negative` and `detect_positive` ask for.
    static let isInf = test("IsInf") { node throws(WeftError) in
        Infinite(negative: try node.flag("detect_negative"), positive: try node.flag("detect_positive"))
    }

    private static func test<Test: FloatTest>(
        _ opType: String, _ test: @escaping @Sendable (NodeView) throws(WeftError) -> Test
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(.floating),
            variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
            kernel: HostKernel { node throws(WeftError) in
                let test = try test(node.view)
                let count = node.view.outputShape(0).elementCount
                switch node.view.inputType(0) {
                case .float64: return body(count) { (x: Double) in test.holds(x) }
                case .float16: return body(count) { (x: Float16) in test.holds(Float(x)) }
                case .bfloat16: return body(count) { (x: BFloat16) in test.holds(x.float) }
                default: return body(count) { (x: Float) in test.holds(x) }
                }
            })
    }

    private static func body<T: TensorElement>(
        _ count: Int, _ test: @escaping @Sendable (T) -> Bool
    ) -> HostKernel.Body {
        { invocation throws(WeftError) in
            let x = invocation.input(0, as: T.self)
            let y = invocation.output(0, as: Bool.self)
            try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                for index in range { y[index] = test(x[index]) }
            }
        }
    }
}
