/// One input or output of a node, as a provider sees it.
public struct Operand: Sendable {
    /// The value's number in its graph.
    public let value: Int
    public let type: ValueType
    /// The value itself, where it is known before anything runs.
    public let constant: Constant?
    /// A size, axis, count or condition: delivered in host memory whatever the device.
    public let wantsHost: Bool
    /// How the bytes are laid out; `.plain` unless the chosen variant asked for another.
    public var layout: Layout

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
/// Attributes are there under their ONNX names with the standard's defaults filled in. Shapes of inputs are fixed
/// where a node is compiled; an output's is unknown where it depends on data.
public struct NodeView: Sendable {
    public let id: Int
    public let name: String
    public let domain: String
    public let opType: String
    public let sinceVersion: Int
    public var inputs: [Operand?]
    public var outputs: [Operand?]
    public let attributes: [String: Attribute]

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

    /// `name (Operator)`, as messages call a node.
    public var label: String {
        let operation = domain.isEmpty ? opType : "\(domain).\(opType)"
        return name.isEmpty ? "\(id) (\(operation))" : "\(name) (\(operation))"
    }

    /// The operand at a position; nil where it is absent.
    public func input(_ index: Int) -> Operand? { index < inputs.count ? inputs[index] : nil }
    public func output(_ index: Int) -> Operand? { index < outputs.count ? outputs[index] : nil }

    public func has(input index: Int) -> Bool { input(index) != nil }
    public func has(output index: Int) -> Bool { output(index) != nil }

    /// Dimensions of an input; empty where it is absent or unknown.
    public func inputShape(_ index: Int) -> [Int] { input(index)?.shape ?? [] }
    public func outputShape(_ index: Int) -> [Int] { output(index)?.shape ?? [] }

    /// The element type of an input; nil where it is absent or no tensor.
    public func inputType(_ index: Int) -> ElementType? { input(index)?.type.elementType }
    public func outputType(_ index: Int) -> ElementType? { output(index)?.type.elementType }
}

extension NodeView {
    private func missing(_ attribute: String, _ kind: String) -> WeftError {
        let found = attributes[attribute].map { "has \($0.text)" } ?? "is missing"
        return WeftError(.invalidModel, "attribute '\(attribute)' should be \(kind) but \(found)", node: label)
    }

    public func int(_ name: String) throws(WeftError) -> Int {
        guard case .int(let value) = attributes[name] else { throw missing(name, "an integer") }
        return Int(value)
    }

    public func flag(_ name: String) throws(WeftError) -> Bool { try int(name) != 0 }

    public func float(_ name: String) throws(WeftError) -> Float {
        guard case .float(let value) = attributes[name] else { throw missing(name, "a number") }
        return value
    }

    public func string(_ name: String) throws(WeftError) -> String {
        guard case .string(let value) = attributes[name] else { throw missing(name, "a string") }
        return value
    }

    public func ints(_ name: String) throws(WeftError) -> [Int] {
        guard case .ints(let values) = attributes[name] else { throw missing(name, "a list of integers") }
        return values.map { Int($0) }
    }

    public func floats(_ name: String) throws(WeftError) -> [Float] {
        guard case .floats(let values) = attributes[name] else { throw missing(name, "a list of numbers") }
        return values
    }

    /// An axis attribute, counted from the front: 0 ..< rank of the first input (or of `rank` where given).
    public func axis(_ name: String, rank: Int? = nil) throws(WeftError) -> Int {
        let rank = rank ?? inputShape(0).count
        let value = try int(name)
        let axis = value < 0 ? value + rank : value
        guard axis >= 0, axis < Swift.max(rank, 1) else {
            throw WeftError(.invalidModel, "\(name) \(value) is out of range for rank \(rank)", node: label)
        }
        return axis
    }

    /// The contents of an integer operand (int32 or int64) that is known when the node is compiled; nil where absent.
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
    /// Integer or boolean elements as `Int`, of any width.
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
    /// Elements of another type than the tensor's own, of the same width.
    func array<Element: TensorElement>(
        as: Element.Type, reinterpreting type: ElementType
    ) throws(WeftError) -> [Element] {
        guard type.bitWidth == Element.elementType.bitWidth else {
            throw WeftError(.internalInconsistency, "\(type) cannot be read as \(Element.elementType)")
        }
        return try Tensor(elementType: Element.elementType, shape: shape, storage: storage).array()
    }
}
