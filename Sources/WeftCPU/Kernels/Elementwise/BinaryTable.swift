import CWeftKernels
import WeftProvider
import WeftProviderKit

/// Functions of operands that broadcast, by operator: the formula, the vector kernel if there is one, and types.
extension CPUKernels {
    static let add = arithmetic("Add", Binary.Sum.self, vector: WEFT_ADD)
    static let div = arithmetic("Div", Binary.Quotient.self, vector: WEFT_DIV, divides: true)
    static let fmod = arithmetic("Mod", Binary.TruncatedRemainder.self, divides: true, if: .fmod(true))
    static let mod = arithmetic("Mod", Binary.FlooredRemainder.self, divides: true, if: .fmod(false))
    static let mul = arithmetic("Mul", Binary.Product.self, vector: WEFT_MUL)
    static let prelu = arithmetic("PRelu", Binary.SlopedRelu.self)
    static let sub = arithmetic("Sub", Binary.Difference.self, vector: WEFT_SUB)

    static let maximum = fold("Max", .numeric, Binary.Larger.self, vector: WEFT_MAX)
    static let mean = fold("Mean", .floating, Binary.Sum.self, mean: true)
    static let minimum = fold("Min", .numeric, Binary.Smaller.self, vector: WEFT_MIN)
    static let sum = fold("Sum", .floating, Binary.Sum.self, vector: WEFT_ADD)

    static let equal = comparison("Equal", Binary.Equal.self)
    static let greater = comparison("Greater", Binary.Greater.self)
    static let greaterOrEqual = comparison("GreaterOrEqual", Binary.GreaterOrEqual.self)
    static let less = comparison("Less", Binary.Less.self)
    static let lessOrEqual = comparison("LessOrEqual", Binary.LessOrEqual.self)

    static let and = bits("And", [.bool], Binary.And.self)
    static let bitwiseAnd = bits("BitwiseAnd", .integer, Binary.And.self)
    static let bitwiseOr = bits("BitwiseOr", .integer, Binary.Or.self)
    static let bitwiseXor = bits("BitwiseXor", .integer, Binary.Xor.self)
    static let or = bits("Or", [.bool], Binary.Or.self)
    static let xor = bits("Xor", [.bool], Binary.Xor.self)
    static let bitShift = binary("BitShift", .integer) { view, plan throws(WeftError) in
        try view.string("direction") == "LEFT"
            ? BitLoop<Binary.ShiftLeft>(plan: plan).dispatch(view.inputType(0))
            : BitLoop<Binary.ShiftRight>(plan: plan).dispatch(view.inputType(0))
    }
}

extension Condition {
    fileprivate static func fmod(_ wanted: Bool) -> Condition {
        Condition("fmod = \(wanted ? 1 : 0)") { node, _ in
            guard case .int(let value) = node.attributes["fmod"], (value != 0) == wanted else {
                return .attribute("fmod", got: node.attributes["fmod"]?.text ?? "nothing")
            }
            return nil
        }
    }
}

extension CPUKernels {
    /// A row for arithmetic on two tensors; `divides` where an integer zero as second operand is an error.
    private static func arithmetic<F: BinaryFormula>(
        _ opType: String, _: F.Type, vector: weft_binary? = nil, divides: Bool = false,
        if condition: Condition = .always
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(.numeric), if: condition,
            variants: { node, _ in binaryVariants(node, vector == nil ? .reference : .elementwise) },
            kernel: HostKernel { node throws(WeftError) in
                let (view, plan) = (node.view, Broadcast(binary: node.view))
                if let vector, let body = VectorLoops.map(vector, view.inputType(0), plan) { return body }
                let divisors = divides ? view.inputShape(1).elementCount : 0
                return try ArithmeticLoop<F>(plan: plan, divisors: divisors).dispatch(view.inputType(0))
            })
    }

    /// A row for a fold of any number of tensors with one function, or for the mean of it.
    private static func fold<F: BinaryFormula>(
        _ opType: String, _ types: ElementTypes, _: F.Type, vector: weft_binary? = nil, mean: Bool = false
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(types),
            variants: { node, _ in
                if node.inputs.count == 2, !mean { return binaryVariants(node, .elementwise) }
                let rate: RateKey = node.inputType(0) == .float32 && !mean ? .elementwise : .reference
                return [
                    Variant(
                        "plain", work: .elements(of: node, rate: rate),
                        inPlace: Variant.sharing(node).filter { $0.input < 2 })
                ]
            },
            kernel: HostKernel { node throws(WeftError) in
                let (view, type) = (node.view, node.view.inputType(0))
                if view.inputs.count == 2, !mean {
                    let plan = Broadcast(binary: view)
                    if let vector, let body = VectorLoops.map(vector, type, plan) { return body }
                    return try ArithmeticLoop<F>(plan: plan, divisors: 0).dispatch(type)
                }
                let plan = Broadcast(
                    output: view.outputShape(0), inputs: view.inputs.indices.map { view.inputShape($0) })
                if let vector, let body = VectorLoops.fold(vector, type, plan) { return body }
                return try FoldLoop<F>(plan: plan, mean: mean).dispatch(type)
            })
    }

    private static func comparison<C: Comparison>(_ opType: String, _: C.Type) -> SupportRow {
        binary(opType, .numeric) { view, plan throws(WeftError) in
            try ComparisonLoop<C>(plan: plan).dispatch(view.inputType(0))
        }
    }

    private static func bits<F: BitFormula>(_ opType: String, _ types: ElementTypes, _: F.Type) -> SupportRow {
        binary(opType, types) { view, plan throws(WeftError) in
            try BitLoop<F>(plan: plan).dispatch(view.inputType(0))
        }
    }

    /// A row for a function of two tensors that has plain loops alone.
    private static func binary(
        _ opType: String, _ types: ElementTypes,
        _ body: @escaping @Sendable (NodeView, Broadcast) throws(WeftError) -> HostKernel.Body
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(types),
            variants: { node, _ in
                [Variant("plain", work: .elements(of: node, rate: .reference), inPlace: Variant.sharing(node))]
            },
            kernel: HostKernel { node throws(WeftError) in try body(node.view, Broadcast(binary: node.view)) })
    }

    /// `plain`, and `nhwc` where each operand is of the output's shape or is one number a channel or for all.
    private static func binaryVariants(_ node: NodeView, _ rate: RateKey) -> [Variant] {
        let work = Work.elements(of: node, rate: node.outputType(0) == .float32 ? rate : .reference)
        var variants = [Variant("plain", work: work, inPlace: Variant.sharing(node))]
        let shape = node.outputShape(0)
        guard shape.count == 4, node.outputType(0) == .float32, let first = node.input(0)?.shape,
            let second = node.input(1)?.shape
        else { return variants }
        let full = [first == shape, second == shape]
        let small = [Broadcast.isPerChannel(first, of: shape), Broadcast.isPerChannel(second, of: shape)]
        guard full[0] || full[1], full[0] || small[0], full[1] || small[1] else { return variants }
        variants.append(
            Variant(
                "nhwc", work: work, inputLayouts: full.map { $0 ? .nhwc : .plain }, outputLayouts: [.nhwc],
                inPlace: Variant.sharing(node)))
        return variants
    }
}

private struct ArithmeticLoop<F: BinaryFormula>: NumberVisitor {
    struct Function<E: KernelNumber>: PairFunction {
        func callAsFunction(_ a: E, _ b: E) -> E { E(work: F.apply(a.work, b.work)) }
    }

    let plan: Broadcast
    /// Elements of the second operand, of which no integer may be zero.
    let divisors: Int

    func visit<E: KernelNumber>(_: E.Type) throws(WeftError) -> HostKernel.Body {
        let body = ElementLoops.map(plan, Function<E>())
        guard divisors > 0, E.Work.isInteger else { return body }
        let count = divisors
        return { invocation throws(WeftError) in
            let b = invocation.input(1, as: E.self)
            for index in 0..<count where b[index].work == .zero {
                throw WeftError(.invalidData, "an integer is divided by zero: element \(index) of input 1")
            }
            try body(invocation)
        }
    }
}

private struct FoldLoop<F: BinaryFormula>: NumberVisitor {
    let plan: Broadcast
    let mean: Bool
    func visit<E: KernelNumber>(_ type: E.Type) throws(WeftError) -> HostKernel.Body {
        ElementLoops.fold(plan, F.self, type, mean: mean)
    }
}

private struct ComparisonLoop<C: Comparison>: NumberVisitor {
    struct Function<E: KernelNumber>: PairFunction {
        func callAsFunction(_ a: E, _ b: E) -> Bool { C.holds(a.work, b.work) }
    }

    let plan: Broadcast
    func visit<E: KernelNumber>(_: E.Type) throws(WeftError) -> HostKernel.Body {
        ElementLoops.map(plan, Function<E>())
    }
}

private struct BitLoop<F: BitFormula>: IntegerVisitor {
    struct Function<E: KernelInteger>: PairFunction {
        func callAsFunction(_ a: E, _ b: E) -> E { F.apply(a, b) }
    }

    let plan: Broadcast
    func visit<E: KernelInteger>(_: E.Type) throws(WeftError) -> HostKernel.Body {
        ElementLoops.map(plan, Function<E>())
    }
}
