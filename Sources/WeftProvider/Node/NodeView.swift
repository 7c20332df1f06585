/// One input or output of a node, as a provider sees it.
public struct Operand: Sendable {
    /// The value's number in its graph.
    public let value: Int
    /// The value's type, with the shape if that is known.
    public let type: ValueType
    /// The contents, if they are known before a run.
    public let constant: Constant?
    /// Whether it is a size, axis, count or condition: the engine delivers it in host memory, whatever the device.
    public let wantsHost: Bool
    /// The layout; `.plain` unless the chosen variant takes or makes another.
    public var layout: Layout

    /// An operand; by default not a constant, wanted on the device, in the layout `.plain`.
    public init(
        value: Int, type: ValueType, constant: Constant? = nil, wantsHost: Bool = false, layout: Layout = .plain
    ) {
        self.value = value
        self.type = type
        self.constant = constant
        self.wantsHost = wantsHost
        self.layout = layout
    }

    /// Dimensions of a tensor of known shape; empty for anything else.
    public var shape: [Int] { type.dimensions ?? [] }
}

/// A node as a provider sees it: normalised attributes, concrete shapes, operands that may be absent.
///
/// Attributes have their ONNX names, and the standard's defaults are filled in. The shapes of inputs are fixed when a
/// node is compiled; an output's shape is unknown if it depends on data.
public struct NodeView: Sendable {
    /// The node's number in its graph; a fused node has the number of a member.
    public let id: Int
    /// The node's name in the model; may be empty.
    public let name: String
    /// The domain of its operator; empty for the ONNX standard.
    public let domain: String
    /// The name of its operator.
    public let opType: String
    /// The version of the operator set that brought this form of the operator.
    public let sinceVersion: Int
    /// The inputs; nil for an optional input that is absent.
    public var inputs: [Operand?]
    /// The outputs; nil for an optional output that is absent.
    public var outputs: [Operand?]
    /// The attributes by name.
    public let attributes: [String: Attribute]

    /// A node with these operands and attributes, which are not checked.
    public init(
        id: Int, name: String, domain: String = "", opType: String, sinceVersion: Int = 1, inputs: [Operand?],
        outputs: [Operand?], attributes: [String: Attribute] = [:]
    ) {
        self.id = id
        self.name = name
        self.domain = domain
        self.opType = opType
        self.sinceVersion = sinceVersion
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
    }

    /// The node as messages name it: `name (Operator)`, with the number in place of an empty name.
    public var label: String {
        let operation = domain.isEmpty ? opType : "\(domain).\(opType)"
        return name.isEmpty ? "\(id) (\(operation))" : "\(name) (\(operation))"
    }

    /// The input at a position; nil if it is absent.
    public func input(_ index: Int) -> Operand? { index < inputs.count ? inputs[index] : nil }
    /// The output at a position; nil if it is absent.
    public func output(_ index: Int) -> Operand? { index < outputs.count ? outputs[index] : nil }

    /// Whether an input is present.
    public func has(input index: Int) -> Bool { input(index) != nil }
    /// Whether an output is present.
    public func has(output index: Int) -> Bool { output(index) != nil }

    /// Dimensions of an input; empty if it is absent or its shape unknown.
    public func inputShape(_ index: Int) -> [Int] { input(index)?.shape ?? [] }
    /// Dimensions of an output; empty if it is absent or its shape unknown.
    public func outputShape(_ index: Int) -> [Int] { output(index)?.shape ?? [] }

    /// The element type of an input; nil if it is absent or not a tensor.
    public func inputType(_ index: Int) -> ElementType? { input(index)?.type.elementType }
    /// The element type of an output; nil if it is absent or not a tensor.
    public func outputType(_ index: Int) -> ElementType? { output(index)?.type.elementType }
}

extension NodeView {
    private func missing(_ attribute: String, _ kind: String) -> WeftError {
        let found = attributes[attribute].map { "has \($0.text)" } ?? "is missing"
        return WeftError(.invalidModel, "attribute '\(attribute)' should be \(kind) but \(found)", node: label)
    }

    /// The value of an integer attribute. Throws `.invalidModel` if it is absent or of another kind.
    public func int(_ name: String) throws(WeftError) -> Int {
        guard case .int(let value) = attributes[name] else { throw missing(name, "an integer") }
        return Int(value)
    }

    /// Whether an integer attribute is not 0. Throws as `int` does.
    public func flag(_ name: String) throws(WeftError) -> Bool { try int(name) != 0 }

    /// The value of a number attribute. Throws `.invalidModel` if it is absent or of another kind.
    public func float(_ name: String) throws(WeftError) -> Float {
        guard case .float(let value) = attributes[name] else { throw missing(name, "a number") }
        return value
    }

    /// The value of a text attribute. Throws `.invalidModel` if it is absent or of another kind.
    public func string(_ name: String) throws(WeftError) -> String {
        guard case .string(let value) = attributes[name] else { throw missing(name, "a string") }
        return value
    }

    /// The value of an integer-list attribute. Throws `.invalidModel` if it is absent or of another kind.
    public func ints(_ name: String) throws(WeftError) -> [Int] {
        guard case .ints(let values) = attributes[name] else { throw missing(name, "a list of integers") }
        return values.map { Int($0) }
    }

    /// The value of a number-list attribute. Throws `.invalidModel` if it is absent or of another kind.
    public func floats(_ name: String) throws(WeftError) -> [Float] {
        guard case .floats(let values) = attributes[name] else { throw missing(name, "a list of numbers") }
        return values
    }

    /// An axis attribute as a non-negative axis of the first input, or of a tensor of `rank`.
    ///
    /// Throws `.invalidModel` if it is absent or out of range.
    public func axis(_ name: String, rank: Int? = nil) throws(WeftError) -> Int {
        let rank = rank ?? inputShape(0).count
        let value = try int(name)
        let axis = value < 0 ? value + rank : value
        guard axis >= 0, axis < Swift.max(rank, 1) else {
            throw WeftError(.invalidModel, "\(name) \(value) is out of range for rank \(rank)", node: label)
        }
        return axis
    }

    /// The elements of an integer or boolean input that is known when the node is compiled; nil if it is absent.
    ///
    /// Throws `.internalInconsistency` if its contents are not known, else as `Constant.integers` does.
    public func constantInts(_ index: Int) throws(WeftError) -> [Int]? {
        guard let operand = input(index) else { return nil }
        guard let constant = operand.constant else {
            throw WeftError(
                .internalInconsistency, "input \(index) should be known before the node is compiled", node: label)
        }
        return try constant.integers(node: label)
    }
}

extension Constant {
    /// The elements as `Int`: int8 to int64, uint8 to uint32, or bool as 0 and 1.
    ///
    /// Throws `.invalidModel` for other types; `node` is the label that the error carries.
    public func integers(node: String? = nil) throws(WeftError) -> [Int] {
        let tensor = try tensor()
        switch elementType {
        case .int64: return try tensor.array(as: Int64.self).map { Int($0) }
        case .int32: return try tensor.array(as: Int32.self).map { Int($0) }
        case .int16: return try tensor.array(as: Int16.self).map { Int($0) }
        case .int8: return try tensor.array(as: Int8.self).map { Int($0) }
        case .uint8: return try tensor.array(as: UInt8.self).map { Int($0) }
        case .uint16: return try tensor.array(as: UInt16.self).map { Int($0) }
        case .uint32: return try tensor.array(as: UInt32.self).map { Int($0) }
        case .bool: return try tensor.array(as: UInt8.self, reinterpreting: .bool).map { $0 == 0 ? 0 : 1 }
        default:
            throw WeftError(.invalidModel, "expected integers, found \(elementType)", node: node)
        }
    }
}

extension Tensor {
    /// The elements, their bits read as those of another type of the same width.
    func array<Element: TensorElement>(
        as: Element.Type, reinterpreting type: ElementType
    ) throws(WeftError) -> [Element] {
        guard type.bitWidth == Element.elementType.bitWidth else {
            throw WeftError(.internalInconsistency, "\(type) cannot be read as \(Element.elementType)")
        }
        return try Tensor(elementType: Element.elementType, shape: shape, storage: storage).array()
    }
}
