/// A set of element types.
public typealias ElementTypes = Set<ElementType>

extension ElementTypes {
    /// float32 and float64.
    public static let float: ElementTypes = [.float32, .float64]
    /// Integers of whole bytes, signed and unsigned.
    public static let integer: ElementTypes = [.int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64]
    /// The floating-point types that operators compute with.
    public static let floating: ElementTypes = [.float16, .bfloat16, .float32, .float64]
    /// The number types that operators compute with.
    public static let numeric: ElementTypes = floating.union(integer)
    /// Every type of a fixed size of whole bytes.
    public static let fixedSize: ElementTypes = Set(
        ElementType.allCases.filter { $0.bitWidth >= 8 })
}

/// Which element types each input of a row may have.
public struct TypeConstraint: Sendable {
    /// The types of some inputs, by position; all other inputs have `others`.
    public let operands: [Int: ElementTypes]
    /// The types of inputs that `operands` does not list.
    public let others: ElementTypes

    /// A constraint; by default the same for all inputs.
    public init(_ others: ElementTypes, operands: [Int: ElementTypes] = [:]) {
        self.others = others
        self.operands = operands
    }

    /// The types that an input may have.
    public func types(ofInput index: Int) -> ElementTypes { operands[index] ?? others }

    /// A decline for the first tensor input whose type is not allowed; nil if all are.
    public func decline(_ node: NodeView) -> Decline? {
        for (index, operand) in node.inputs.enumerated() {
            guard let type = operand?.type.elementType else { continue }
            if !types(ofInput: index).contains(type) { return .type(type, operand: index) }
        }
        return nil
    }
}

/// A condition on a node apart from its types; it gives the reason if it does not hold.
public struct Condition: Sendable {
    /// The condition in words, for tables; empty if there is none.
    public let text: String
    /// Why the condition does not hold; nil if it does.
    public let decline: @Sendable (NodeView, DeviceDescription) -> Decline?

    /// A condition with its text.
    public init(_ text: String, _ decline: @escaping @Sendable (NodeView, DeviceDescription) -> Decline?) {
        self.text = text
        self.decline = decline
    }

    /// The condition that always holds.
    public static let always = Condition("") { _, _ in nil }

    /// Holds if the rank of an input is in `ranks`, or the input is absent.
    public static func rank(_ ranks: ClosedRange<Int>, input: Int = 0) -> Condition {
        let text = ranks.count == 1 ? "rank \(ranks.lowerBound)" : "rank \(ranks.lowerBound) to \(ranks.upperBound)"
        return Condition(input == 0 ? text : "\(text) (input \(input))") { node, _ in
            guard node.has(input: input) else { return nil }
            let rank = node.inputShape(input).count
            return ranks.contains(rank) ? nil : .rank(rank, operand: input)
        }
    }

    /// Holds if an input's contents are known before a run, or the input is absent.
    public static func constant(input: Int) -> Condition {
        Condition("input \(input) constant") { node, _ in
            guard let operand = node.input(input), operand.constant == nil else { return nil }
            return .runtimeOperand(input)
        }
    }

    /// Holds if both do; the reason is that of the first that does not.
    public static func && (left: Condition, right: Condition) -> Condition {
        let text = [left.text, right.text].filter { !$0.isEmpty }.joined(separator: ", ")
        return Condition(text) { node, device in left.decline(node, device) ?? right.decline(node, device) }
    }
}

/// One row of a provider's table: an operator, and when and how the provider runs it.
///
/// Placement, dispatch, tests and documentation read the same rows.
public struct SupportRow: Sendable {
    /// The domain of the operator; empty for the ONNX standard.
    public let domain: String
    /// The name of the operator.
    public let opType: String
    /// The element types that inputs may have.
    public let types: TypeConstraint
    /// What else must hold.
    public let condition: Condition
    /// Whether operands may have no fixed shape or size: strings, containers, outputs whose shape depends on data.
    ///
    /// If not, `support` declines nodes that have an input of unknown shape.
    public let dynamicOperands: Bool
    /// The variants for a node that `types` and `condition` admit; never empty.
    public let variants: @Sendable (NodeView, DeviceDescription) -> [Variant]
    /// What runs the nodes.
    public let kernel: any Kernel

    /// A row; by default without a condition, for the ONNX standard, and for operands of fixed shape.
    public init(
        _ opType: String, domain: String = "", types: TypeConstraint, if condition: Condition = .always,
        dynamicOperands: Bool = false, variants: @escaping @Sendable (NodeView, DeviceDescription) -> [Variant],
        kernel: any Kernel
    ) {
        self.opType = opType
        self.domain = domain
        self.types = types
        self.condition = condition
        self.dynamicOperands = dynamicOperands
        self.variants = variants
        self.kernel = kernel
    }

    /// Whether this row runs the node on the device, and how. Does not check that the operator is the row's.
    public func support(_ node: NodeView, on device: DeviceDescription) -> Support {
        if !dynamicOperands {
            for (index, operand) in node.inputs.enumerated() {
                guard let operand else { continue }
                guard operand.type.dimensions != nil else { return .declined(.runtimeShape(operand: index)) }
            }
        }
        if let decline = types.decline(node) ?? condition.decline(node, device) { return .declined(decline) }
        var offered = variants(node, device)
        for index in offered.indices { offered[index].kernel = kernel }
        return .variants(offered)
    }
}
