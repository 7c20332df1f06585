package import WeftProvider

/// The operators that a model may use: the standard's, and those that providers and sessions bring.
package struct OperatorSet: OperatorLookup {
    private struct Name: Hashable {
        let domain: String
        let opType: String
    }

    private struct Entry {
        let schema: Operator
        /// Who brought it, for people.
        let owner: String
        let form: String
    }

    /// Versions of each operator that was brought, the latest first.
    private var custom: [Name: [Entry]] = [:]

    /// The standard's operators alone.
    package static let standard = OperatorSet()

    package init() {}

    /// Adds what somebody brings; `owner` says who, for people.
    ///
    /// Throws `.invalidOption` for an operator of the standard's or of Weft's own, for one that contradicts itself, and
    /// where two bring the same version of an operator in different forms.
    package mutating func add(_ operators: [CustomOperator], of owner: String) throws(WeftError) {
        for custom in operators {
            let schema = Operator(custom)
            let label = "operator \(schema.label), version \(schema.since),"
            if let problem = schema.problem {
                throw WeftError(.invalidOption, "\(label) of \(owner) \(problem)")
            }
            let name = Name(domain: schema.domain, opType: schema.name)
            let form = custom.form
            var entries = self.custom[name] ?? []
            if let other = entries.first(where: { $0.schema.since == schema.since }) {
                guard other.form == form else {
                    throw WeftError(
                        .invalidOption,
                        "\(label) is brought by \(other.owner) and by \(owner) in different forms: "
                            + "\(other.form), and \(form)",
                        hint: "leave one of them out, or give one another domain")
                }
                continue
            }
            entries.append(Entry(schema: schema, owner: owner, form: form))
            entries.sort { $0.schema.since > $1.schema.since }
            self.custom[name] = entries
        }
    }

    package func schema(_ opType: String, domain: String, opset: Int) throws(WeftError) -> Operator? {
        if let standard = OperatorTable.schema(opType, domain: domain) { return standard }
        guard let entries = custom[Name(domain: domain, opType: opType)], let first = entries.last else { return nil }
        guard let entry = entries.first(where: { $0.schema.since <= opset }) else {
            throw WeftError(
                .unsupportedVersion,
                "operator \(first.schema.label) came with version \(first.schema.since) of its operator set, the model imports version \(opset)"
            )
        }
        return entry.schema
    }
}

extension GraphBuilder {
    /// A graph of the standard's operators.
    package init(name: String = "") { self.init(name: name, operators: OperatorSet.standard) }
}

extension Operator {
    fileprivate init(_ custom: CustomOperator) {
        self.init(
            custom.opType, domain: custom.domain == "ai.onnx" ? "" : custom.domain, since: custom.sinceVersion,
            inputs: custom.inputs, outputs: custom.outputs, attributes: custom.attributes,
            hostInputs: custom.hostInputs, nature: custom.isRandom ? .random : .pure, infer: custom.infer)
        isCustom = true
    }

    fileprivate var label: String { domain.isEmpty ? name : "\(domain).\(name)" }

    /// Why nobody may bring it; nil where somebody may.
    fileprivate var problem: String? {
        if OperatorTable.schema(name, domain: domain) != nil { return "is the standard's: it cannot be replaced" }
        if domain == LayoutConversion.domain { return "is in Weft's own domain" }
        if name.isEmpty { return "has no name" }
        if since < 1 { return "should have a version of 1 or more" }
        if inputCount.lowerBound < 0 || outputCount.lowerBound < 1 {
            return "should have inputs of no negative number, and one output or more"
        }
        if Set(attributes.map(\.name)).count < attributes.count { return "has two attributes of one name" }
        let kinds = attributes.filter { $0.standard.map($0.kind.matches) == false }.map(\.name)
        return kinds.first.map { "has a default of another kind for attribute '\($0)'" }
    }
}

extension CustomOperator {
    /// What its nodes look like, in words: two operators of one form cannot be told apart but by their rules.
    fileprivate var form: String {
        let attributes = attributes.sorted { $0.name < $1.name }.map { rule in
            "\(rule.name): \(rule.kind)\(rule.standard.map { " = \($0.text)" } ?? (rule.isRequired ? "" : "?"))"
        }
        var parts = ["\(inputs.lowerBound) to \(inputs.upperBound) inputs"]
        parts.append("\(outputs.lowerBound) to \(outputs.upperBound) outputs")
        parts.append("attributes [\(attributes.joined(separator: ", "))]")
        if !hostInputs.isEmpty { parts.append("host inputs \(hostInputs.sorted())") }
        if isRandom { parts.append("random") }
        return parts.joined(separator: ", ")
    }
}
