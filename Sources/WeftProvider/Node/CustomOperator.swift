/// The signature of an operator outside the ONNX standard: operands, attributes and type inference.
///
/// A provider that has a kernel for it lists it in `Provider.operators`, or a session is given it. If an operator
/// has several versions, a node uses the latest that is not later than the operator set that its model imports. A
/// model that defines the operator by a function of its own is run by that function.
public struct CustomOperator: Sendable {
    /// An attribute that its nodes may have.
    public struct AttributeRule: Sendable {
        /// The kind of value that an attribute has.
        public enum Kind: Sendable { case int, float, string, ints, floats, strings, tensor, type }

        /// The attribute's name.
        public let name: String
        /// The kind of its value.
        public let kind: Kind
        /// The value for nodes that do not give the attribute; nil if there is none.
        public let standard: Attribute?
        /// Whether a node must give the attribute.
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

    /// The domain of its operator set, such as `com.example`.
    public let domain: String
    /// Its name in that operator set.
    public let opType: String
    /// The version of the operator set that introduced it, or changed it last.
    public let sinceVersion: Int
    /// How many inputs a node may have; those beyond the lower bound are optional.
    public let inputs: ClosedRange<Int>
    /// How many outputs a node may have.
    public let outputs: ClosedRange<Int>
    /// The attributes with a rule; nodes keep attributes that have none unchanged.
    public let attributes: [AttributeRule]
    /// Positions of inputs that are sizes, axes, counts or conditions.
    ///
    /// Kernels get them in host memory, and their contents are known before the kernel runs.
    public let hostInputs: Set<Int>
    /// Whether outputs differ between runs with the same inputs; such nodes are not folded.
    public let isRandom: Bool
    /// Infers the outputs' types from what is known of the inputs. Throws `.invalidModel` if that contradicts itself.
    public let infer: @Sendable (inout TypeInference) throws(WeftError) -> Void

    /// An operator; by default it has one output and no attributes.
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
