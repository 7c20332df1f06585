/// What is known about a node's inputs, and the types of its outputs that follow from it.
///
/// All output shapes come from such rules, in planning and at run time. A rule may be called again when more is
/// known: it sets what follows from what is known so far, and leaves a shape open if that is not enough.
public struct TypeInference: Sendable {
    /// The node's attributes; a rule may replace them by resolved ones, such as `auto_pad` by `pads`.
    public var attributes: [String: Attribute]
    /// The type of each input; nil if it is absent.
    public let inputs: [ValueType?]
    /// The contents of each input; nil if they are unknown. The list may be shorter than `inputs`.
    public let contents: [Constant?]
    /// The type of each output, which the rule sets; nil means unknown.
    public var outputs: [ValueType?]
    /// What the engine's own rules need in addition.
    package let subject: (any Sendable)?

    /// A node with `outputCount` outputs, whose types are not set yet.
    public init(
        attributes: [String: Attribute], inputs: [ValueType?], contents: [Constant?] = [], outputCount: Int = 1
    ) {
        self.init(attributes, inputs, contents, outputCount, subject: nil)
    }

    /// The same, with a `subject` for the engine's own rules.
    package init(
        _ attributes: [String: Attribute], _ inputs: [ValueType?], _ contents: [Constant?], _ outputCount: Int,
        subject: (any Sendable)?
    ) {
        self.attributes = attributes
        self.inputs = inputs
        self.contents = contents
        outputs = [ValueType?](repeating: nil, count: outputCount)
        self.subject = subject
    }

    /// Whether an input is present.
    public func has(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil }

    /// The element type of a tensor input. Throws `.invalidModel` if the input is absent or not a tensor.
    public func elementType(_ index: Int) throws(WeftError) -> ElementType {
        guard index < inputs.count, let type = inputs[index] else {
            throw WeftError(.invalidModel, "input \(index) is missing")
        }
        guard let element = type.elementType else {
            throw WeftError(.invalidModel, "input \(index) should be a tensor, is a \(type)")
        }
        return element
    }

    /// The dimensions of a tensor input; nil if they are unknown or the input is absent.
    public func shape(_ index: Int) -> [Int]? { index < inputs.count ? inputs[index]?.dimensions : nil }

    /// The contents of an integer or boolean input; nil if they are unknown or the input is absent.
    public func ints(_ index: Int) throws(WeftError) -> [Int]? {
        guard index < contents.count, let constant = contents[index] else { return nil }
        return try constant.integers()
    }

    /// Sets the type of an output to a tensor; a nil shape means unknown. Does nothing if there is no such output.
    ///
    /// Throws `.invalidModel` if the shape has a negative size or more bytes than an `Int` can count.
    public mutating func set(output index: Int = 0, _ type: ElementType, _ shape: [Int]?) throws(WeftError) {
        guard index < outputs.count else { return }
        if let shape {
            guard let count = shape.checkedElementCount, type.byteCount(count) != nil else {
                throw WeftError(.invalidModel, "output \(index) would have shape \(shape), which memory cannot hold")
            }
            outputs[index] = .tensor(type, .fixed(shape))
        } else {
            outputs[index] = .tensor(type, .unknown)
        }
    }

    /// The value of an integer attribute. Throws `.invalidModel` if it is absent or of another kind.
    public func int(_ name: String) throws(WeftError) -> Int {
        guard case .int(let value) = attributes[name] else {
            throw WeftError(.invalidModel, "attribute '\(name)' is missing")
        }
        return Int(value)
    }

    /// The value of an integer-list attribute; nil if it is absent or of another kind.
    public func ints(attribute name: String) -> [Int]? {
        guard case .ints(let values) = attributes[name] else { return nil }
        return values.map { Int($0) }
    }

    /// The value of a number attribute. Throws `.invalidModel` if it is absent or of another kind.
    public func float(_ name: String) throws(WeftError) -> Float {
        guard case .float(let value) = attributes[name] else {
            throw WeftError(.invalidModel, "attribute '\(name)' is missing")
        }
        return value
    }

    /// The value of a text attribute; nil if it is absent or of another kind.
    public func string(_ name: String) -> String? {
        guard case .string(let value) = attributes[name] else { return nil }
        return value
    }

    /// The axis as a non-negative number. Throws `.invalidModel` if it is outside of -rank ..< rank.
    public func resolve(axis: Int, rank: Int) throws(WeftError) -> Int {
        let resolved = axis < 0 ? axis + rank : axis
        guard resolved >= 0, resolved < rank else {
            throw WeftError(.invalidModel, "axis \(axis) is out of range for rank \(rank)")
        }
        return resolved
    }

    /// The shape that the given shapes broadcast to, by numpy's rule. Throws `.invalidModel` if they do not.
    public static func broadcast(_ shapes: [[Int]]) throws(WeftError) -> [Int] {
        var result: [Int] = []
        for shape in shapes {
            if shape.count > result.count {
                result = [Int](repeating: 1, count: shape.count - result.count) + result
            }
            let offset = result.count - shape.count
            for (axis, size) in shape.enumerated() where size != 1 {
                let present = result[offset + axis]
                guard present == 1 || present == size else {
                    throw WeftError(
                        .invalidModel,
                        "shapes \(shapes.map { "\($0)" }.joined(separator: " and ")) do not broadcast together")
                }
                result[offset + axis] = size
            }
        }
        return result
    }
}
