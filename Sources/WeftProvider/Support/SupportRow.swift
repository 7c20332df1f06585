/// A set of element types.
public typealias ElementTypes = Set<ElementType>

extension ElementTypes {
    public static let float: ElementTypes = [.float32, .float64]
    public static let integer: ElementTypes = [.int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64]
    /// The floating-point types that arithmetic is done on.
    public static let floating: ElementTypes = [.float16, .bfloat16, .float32, .float64]
    /// The types that arithmetic is done on.
    public static let numeric: ElementTypes = floating.union(integer)
    /// Every fixed-size type that fills whole bytes.
    public static let fixedSize: ElementTypes = Set(
        ElementType.allCases.filter { $0.bitWidth >= 8 })
}

/// Which element types each input of a row may have.
public struct TypeConstraint: Sendable {
    /// Types by operand; operands that are not named take `others`.
    public let operands: [Int: ElementTypes]
    public let others: ElementTypes

    public init(_ others: ElementTypes, operands: [Int: ElementTypes] = [:]) {
        self.others = others
        self.operands = operands
    }

    public func types(ofInput index: Int) -> ElementTypes { operands[index] ?? others }

    /// The first tensor operand whose type is not allowed.
    public func decline(_ node: NodeView) -> Decline? {
        for (index, operand) in node.inputs.enumerated() {
            guard let type = operand?.type.elementType else { continue }
            if !types(ofInput: index).contains(type) { return .type(type, operand: index) }
        }
        return nil
    }
}

/// What must hold of a node beyond its types; says why where it does not.
public struct Condition: Sendable {
    /// For tables: what is asked.
    public let text: String
    public let decline: @Sendable (NodeView, DeviceDescription) -> Decline?

    public init(_ text: String, _ decline: @escaping @Sendable (NodeView, DeviceDescription) -> Decline?) {
        self.text = text
        self.decline = decline
    }

    public static let always = Condition("") { _, _ in nil }

    /// The rank of an input is one of `ranks`.
    public static func rank(_ ranks: ClosedRange<Int>, input: Int = 0) -> Condition {
        let text = ranks.count == 1 ? "rank \(ranks.lowerBound)" : "rank \(ranks.lowerBound) to \(ranks.upperBound)"
        return Condition(input == 0 ? text : "\(text) (input \(input))") { node, _ in
            guard node.has(input: input) else { return nil }
            let rank = node.inputShape(input).count
            return ranks.contains(rank) ? nil : .rank(rank, operand: input)
        }
    }

    /// An input is absent or known before anything runs.
    public static func constant(input: Int) -> Condition {
        Condition("input \(input) constant") { node, _ in
            guard let operand = node.input(input), operand.constant == nil else { return nil }
            return .runtimeOperand(input)
        }
    }

    public static func && (left: Condition, right: Condition) -> Condition {
        let text = [left.text, right.text].filter { !$0.isEmpty }.joined(separator: ", ")
        return Condition(text) { node, device in left.decline(node, device) ?? right.decline(node, device) }
    }
}

/// One line of a provider's table: what partitioner, dispatch, tests and documentation all read.
public struct SupportRow: Sendable {
    public let domain: String
    public let opType: String
    public let types: TypeConstraint
    public let condition: Condition
    /// Whether operands may be dynamic: strings, containers, or outputs whose shape depends on data.
    public let dynamicOperands: Bool
    /// The ways to run a node that types and condition admit; never empty.
    public let variants: @Sendable (NodeView, DeviceDescription) -> [Variant]
    public let kernel: any Kernel

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

    /// Whether this row runs the node on the device, and how.
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
