package import WeftProvider

/// A node before it is in a graph.
package struct NodeDraft: Sendable {
    package var name: String
    package var domain: String
    package var opType: String
    package var inputs: [Int]
    package var outputs: [Int]
    package var attributes: [String: Attribute]
    package var bodies: [String: Graph]
    package var captureCount: Int
    /// What an operator beside the standard's means.
    package private(set) var custom: Operator?

    /// A node of a graph with other operands.
    package init(_ node: Node, inputs: [Int], outputs: [Int]) {
        self.init(
            node.opType, domain: node.domain, name: node.name, inputs: inputs, outputs: outputs,
            attributes: node.attributes, bodies: node.bodies, captureCount: node.captureCount)
        custom = node.custom
    }

    package init(
        _ opType: String, domain: String = "", name: String = "", inputs: [Int], outputs: [Int],
        attributes: [String: Attribute] = [:], bodies: [String: Graph] = [:], captureCount: Int = 0
    ) {
        self.name = name
        self.domain = domain
        self.opType = opType
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.bodies = bodies
        self.captureCount = captureCount
    }

    package var label: String {
        let operation = domain.isEmpty ? opType : "\(domain).\(opType)"
        return name.isEmpty ? operation : "\(name) (\(operation))"
    }

    /// Makes it a node of an operator beside the standard's. Throws `.unsupportedOperator` where it has bodies.
    fileprivate mutating func become(_ schema: Operator) throws(WeftError) {
        guard bodies.isEmpty else {
            throw WeftError(
                .unsupportedOperator, "has a graph as an attribute, which only the standard's operators may")
        }
        custom = schema
    }

    /// Whether the input at a position is given.
    package func has(input index: Int) -> Bool { index < inputs.count && inputs[index] != Node.absent }
}

/// Collects values and nodes, then makes an immutable graph of them.
package struct GraphBuilder {
    package var name: String
    package private(set) var nodes: [Node] = []
    package private(set) var values: [GraphValue] = []
    package private(set) var constants: [Int: Constant] = [:]
    package var inputs: [Int] = []
    package var outputs: [Int] = []
    /// What nodes that are appended may be.
    package let operators: any OperatorLookup

    package init(name: String = "", operators: any OperatorLookup) {
        self.name = name
        self.operators = operators
    }

    /// A new value; its name need not be unique, but what people see is the name.
    package mutating func value(
        _ name: String = "", type: ValueType? = nil, dimensions: [Dimension]? = nil
    ) -> Int {
        values.append(GraphValue(name: name, type: type, dimensions: dimensions))
        return values.count - 1
    }

    /// A new value that is known already.
    package mutating func constant(_ constant: Constant, name: String = "") -> Int {
        let value = value(name, type: constant.type, dimensions: constant.shape.map { .fixed($0) })
        constants[value] = constant
        return value
    }

    /// Says that a value that is there already is known.
    package mutating func define(_ value: Int, as constant: Constant) { constants[value] = constant }

    /// Appends a node as it stands, in canonical form already.
    package mutating func append(canonical draft: NodeDraft, version: Int) {
        nodes.append(
            Node(
                id: nodes.count, name: draft.name, domain: draft.domain, opType: draft.opType, version: version,
                inputs: draft.inputs, outputs: draft.outputs, attributes: draft.attributes, bodies: draft.bodies,
                captureCount: draft.captureCount, custom: draft.custom))
    }

    /// Appends a node written for version `opset` of its domain: checks it against its schema, fills in defaults and
    /// lifts it to the canonical version, with helping nodes and constants where that takes any.
    ///
    /// A node that no schema describes is kept as it is; placement refuses it by name. Throws `.invalidModel` for a
    /// missing or mistyped attribute or a wrong number of operands, `.unsupportedVersion` for an operator that came
    /// with a later version of its operator set.
    package mutating func append(_ draft: NodeDraft, opset: Int) throws(WeftError) {
        var draft = draft
        let version: Int
        do {
            guard let schema = try operators.schema(draft.opType, domain: draft.domain, opset: opset) else {
                append(canonical: draft, version: opset)
                return
            }
            if schema.isCustom { try draft.become(schema) }
            version = schema.since
            if let lift = schema.lift, try lift(&draft, opset, &self) { return }
            try schema.complete(&draft)
        } catch {
            throw error.at(node: draft.label)
        }
        append(canonical: draft, version: version)
    }

    package func build() -> Graph {
        Graph(name: name, nodes: nodes, values: values, inputs: inputs, outputs: outputs, constants: constants)
    }
}
