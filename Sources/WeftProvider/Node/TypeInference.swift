/// What is known of a node's inputs, and what follows for its outputs.
///
/// The one place where output shapes come from, for planning and at run time alike. A rule is asked again whenever more
/// is known: it sets what follows from what is there, and leaves a shape open where that is not enough.
public struct TypeInference: Sendable {
    /// The node's attributes; a rule may put resolved ones in their place (pads in place of auto_pad).
    public var attributes: [String: Attribute]
    /// The type of each input; nil where it is absent.
    public let inputs: [ValueType?]
    /// The contents of inputs that are known.
    public let contents: [Constant?]
    /// The type of each output, to be set; one that stays nil has an unknown type.
    public var outputs: [ValueType?]
    /// What the engine keeps of the node besides.
    package let subject: (any Sendable)?

    /// Nothing is said of the outputs yet, of which there are `outputCount`.
    public init(
        attributes: [String: Attribute], inputs: [ValueType?], contents: [Constant?] = [], outputCount: Int = 1
    ) {
        self.init(attributes, inputs, contents, outputCount, subject: nil)
    }

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

    /// Whether an input is given.
    public func has(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil }

    /// The element type of a tensor input. Throws where the input is absent or no tensor.
    public func elementType(_ index: Int) throws(WeftError) -> ElementType {
        guard index < inputs.count, let type = inputs[index] else {
            throw WeftError(.invalidModel, "input \(index) is missing")
        }
        guard let element = type.elementType else {
            throw WeftError(.invalidModel, "input \(index) should be a tensor, is a \(type)")
        }
        return element
    }

    /// The dimensions of a tensor input; nil where they are not known yet, or the input is absent.
    public func shape(_ index: Int) -> [Int]? { index < inputs.count ? inputs[index]?.dimensions : nil }

    /// The contents of an integer input; nil where they are not known yet, or the input is absent.
    public func ints(_ index: Int) throws(WeftError) -> [Int]? {
        guard index < contents.count, let constant = contents[index] else { return nil }
        return try constant.integers()
    }

    /// Sets an output to a tensor; a nil shape is one that is not known yet.
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

    /// The value of an integer attribute. Throws where it is absent or of another kind.
    public func int(_ name: String) throws(WeftError) -> Int {
        guard case .int(let value) = attributes[name] else {
            throw WeftError(.invalidModel, "attribute '\(name)' is missing")
        }
        return Int(value)
    }

    /// A list of integers; nil where the attribute is absent.
    public func ints(attribute name: String) -> [Int]? {
        guard case .ints(let values) = attributes[name] else { return nil }
        return values.map { Int($0) }
    }

    /// The value of a number attribute. Throws where it is absent or of another kind.
    public func float(_ name: String) throws(WeftError) -> Float {
        guard case .float(let value) = attributes[name] else {
            throw WeftError(.invalidModel, "attribute '\(name)' is missing")
        }
        return value
    }

    /// The value of a text attribute; nil where it is absent.
    public func string(_ name: String) -> String? {
        guard case .string(let value) = attributes[name] else { return nil }
        return value
    }

    /// An axis counted from the front. Throws where it is outside -rank ..< rank.
    public func resolve(axis: Int, rank: Int) throws(WeftError) -> Int {
        let resolved = axis < 0 ? axis + rank : axis
        guard resolved >= 0, resolved < rank else {
            throw WeftError(.invalidModel, "axis \(axis) is out of range for rank \(rank)")
        }
        return resolved
    }

    /// The shape that the given shapes broadcast to (numpy's rule). Throws where they do not.
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
