/// An operator beside those of the ONNX standard: what a model's nodes of it may look like, and what follows for their
/// outputs.
///
/// A provider that has a kernel for it brings it along (`Provider.operators`), or a session is given it. Of several
/// versions of one operator a node has the last that is no later than the operator set that its model imports.
/// A model that brings the operator as a function of its own is run by that function.
public struct CustomOperator: Sendable {
    /// An attribute that its nodes may have.
    public struct AttributeRule: Sendable {
        /// What kind of thing an attribute holds.
        public enum Kind: Sendable { case int, float, string, ints, floats, strings, tensor, type }

        /// As nodes name it.
        public let name: String
        /// What it holds.
        public let kind: Kind
        /// What a node has that does not give it.
        public let standard: Attribute?
        /// Whether a node without it is invalid.
        public let isRequired: Bool

        private init(_ name: String, _ kind: Kind, _ standard: Attribute?, isRequired: Bool = false) {
            self.name = name
            self.kind = kind
            self.standard = standard
            self.isRequired = isRequired
        }

        /// An integer with a default.
        public static func int(_ name: String, _ standard: Int) -> Self { .init(name, .int, .int(Int64(standard))) }
        /// A number with a default.
        public static func float(_ name: String, _ standard: Float) -> Self { .init(name, .float, .float(standard)) }
        /// A text with a default.
        public static func string(_ name: String, _ standard: String) -> Self {
            .init(name, .string, .string(standard))
        }
        /// A list of integers with a default.
        public static func ints(_ name: String, _ standard: [Int]) -> Self {
            .init(name, .ints, .ints(standard.map { Int64($0) }))
        }
        /// An attribute without a default.
        public static func optional(_ name: String, _ kind: Kind) -> Self { .init(name, kind, nil) }
        /// An attribute that every node must give.
        public static func required(_ name: String, _ kind: Kind) -> Self { .init(name, kind, nil, isRequired: true) }
    }

    /// The operator set that it belongs to, as models write it: `com.example`.
    public let domain: String
    /// Its name in that set.
    public let opType: String
    /// The version of the operator set that brought it, or that changed it last.
    public let sinceVersion: Int
    /// How many inputs a node has; those between the bounds may be absent.
    public let inputs: ClosedRange<Int>
    /// How many outputs a node has.
    public let outputs: ClosedRange<Int>
    /// What nodes may say besides their operands; what no rule names is passed on as it is.
    public let attributes: [AttributeRule]
    /// Inputs that are sizes, axes, counts or conditions: kernels get them in host memory, known before they run.
    public let hostInputs: Set<Int>
    /// Whether the same inputs may give other outputs.
    public let isRandom: Bool
    /// Sets the types of the outputs from what is known of the inputs. Throws `.invalidModel` for what contradicts.
    public let infer: @Sendable (inout TypeInference) throws(WeftError) -> Void

    /// An operator with one output and no attributes, unless they are given.
    public init(
        _ opType: String, domain: String, sinceVersion: Int = 1, inputs: ClosedRange<Int>,
        outputs: ClosedRange<Int> = 1...1, attributes: [AttributeRule] = [], hostInputs: Set<Int> = [],
        isRandom: Bool = false, infer: @escaping @Sendable (inout TypeInference) throws(WeftError) -> Void
    ) {
        self.domain = domain
        self.opType = opType
        self.sinceVersion = sinceVersion
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.hostInputs = hostInputs
        self.isRandom = isRandom
        self.infer = infer
    }
}
