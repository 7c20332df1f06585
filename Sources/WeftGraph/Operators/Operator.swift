package import WeftProvider

/// What an operator means, as far as it can be said without computing: its schema, its versions, its shapes.
///
/// One `static let` in a file of its own in Operators/, and one line in `OperatorTable`.
package struct Operator: Sendable {
    package typealias AttributeSpec = CustomOperator.AttributeRule

    /// Whether the same inputs always give the same outputs.
    package enum Nature: Sendable { case pure, random, controlFlow }

    package let domain: String
    package let name: String
    /// The version that the canonical form is written in: the last that changed what the operator does.
    package let since: Int
    package let inputCount: ClosedRange<Int>
    package let outputCount: ClosedRange<Int>
    package let attributes: [AttributeSpec]
    /// Operands that are sizes, axes, counts or conditions: wanted on the host, and by kernels before they run.
    package let hostInputs: Set<Int>
    package let nature: Nature
    /// Rewrites a node of an older operator set to canonical form; true where it appended other nodes in its place.
    package let lift: (@Sendable (inout NodeDraft, Int, inout GraphBuilder) throws(WeftError) -> Bool)?
    /// Sets the types of the outputs from what is known of the inputs; throws `.invalidModel` for what contradicts.
    package let infer: @Sendable (inout Inference) throws(WeftError) -> Void
    /// Multiply-adds, times two, of the operators whose work the command line reports; nil for all others.
    package let flops: (@Sendable (NodeView) -> Double)?
    /// Whether somebody brought it beside the standard's.
    package internal(set) var isCustom = false

    package init(
        _ name: String, domain: String = "", since: Int, inputs: ClosedRange<Int>, outputs: ClosedRange<Int> = 1...1,
        attributes: [AttributeSpec] = [], hostInputs: Set<Int> = [], nature: Nature = .pure,
        lift: (@Sendable (inout NodeDraft, Int, inout GraphBuilder) throws(WeftError) -> Bool)? = nil,
        flops: (@Sendable (NodeView) -> Double)? = nil,
        infer: @escaping @Sendable (inout Inference) throws(WeftError) -> Void
    ) {
        self.domain = domain
        self.name = name
        self.since = since
        inputCount = inputs
        outputCount = outputs
        self.attributes = attributes
        self.hostInputs = hostInputs
        self.nature = nature
        self.lift = lift
        self.flops = flops
        self.infer = infer
    }

    /// Checks a node against this schema and fills in the standard's defaults.
    package func complete(_ draft: inout NodeDraft) throws(WeftError) {
        let given = draft.inputs.count - draft.captureCount
        guard inputCount.contains(given) else {
            throw WeftError(.invalidModel, "takes \(counts(inputCount)) inputs, has \(given)")
        }
        guard outputCount.contains(draft.outputs.count) else {
            throw WeftError(.invalidModel, "gives \(counts(outputCount)) outputs, has \(draft.outputs.count)")
        }
        for spec in attributes {
            guard let attribute = draft.attributes[spec.name] else {
                if let standard = spec.standard {
                    draft.attributes[spec.name] = standard
                } else if spec.isRequired {
                    throw WeftError(.invalidModel, "attribute '\(spec.name)' is missing")
                }
                continue
            }
            guard spec.kind.matches(attribute) else {
                throw WeftError(.invalidModel, "attribute '\(spec.name)' is no \(spec.kind): \(attribute.text)")
            }
        }
    }

    private func counts(_ range: ClosedRange<Int>) -> String {
        if range.upperBound == Int.max { return "\(range.lowerBound) or more" }
        return range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
}

extension Operator.AttributeSpec.Kind {
    func matches(_ attribute: Attribute) -> Bool {
        switch (self, attribute) {
        case (.int, .int), (.float, .float), (.string, .string), (.ints, .ints), (.floats, .floats): true
        case (.strings, .strings), (.tensor, .tensor), (.type, .type): true
        default: false
        }
    }
}

/// Says what operators mean, for whoever builds a graph.
package protocol OperatorLookup: Sendable {
    /// What an operator means to a model that imports version `opset` of its domain; nil where nobody knows it.
    ///
    /// Throws `.unsupportedVersion` for an operator that came with a later version.
    func schema(_ opType: String, domain: String, opset: Int) throws(WeftError) -> Operator?
}
