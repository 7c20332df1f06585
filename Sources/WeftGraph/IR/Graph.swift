package import WeftProvider

/// A node of a graph in canonical form: the latest version of its operator, defaults filled in.
package struct Node: Sendable {
    package let id: Int
    package let name: String
    package let domain: String
    package let opType: String
    /// The operator-set version that the node is written for, after lifting.
    package let version: Int
    /// Value numbers; `absent` for an optional input that is not given.
    package let inputs: [Int]
    package let outputs: [Int]
    package let attributes: [String: Attribute]
    /// Bodies of If, Loop and Scan by attribute name. Closed: what a body captures are the node's trailing inputs.
    package let bodies: [String: Graph]
    /// How many of the inputs, at the end, are captures of the bodies.
    package let captureCount: Int
    /// What an operator beside the standard's means; nil for all others.
    package let custom: Operator?

    package static let absent = -1

    package init(
        id: Int, name: String, domain: String, opType: String, version: Int, inputs: [Int], outputs: [Int],
        attributes: [String: Attribute], bodies: [String: Graph], captureCount: Int, custom: Operator? = nil
    ) {
        self.id = id
        self.name = name
        self.domain = domain
        self.opType = opType
        self.version = version
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.bodies = bodies
        self.captureCount = captureCount
        self.custom = custom
    }

    /// The same node under another number, and with other bodies where they are given.
    package func renumbered(_ id: Int, bodies: [String: Graph]? = nil) -> Node {
        Node(
            id: id, name: name, domain: domain, opType: opType, version: version, inputs: inputs, outputs: outputs,
            attributes: attributes, bodies: bodies ?? self.bodies, captureCount: captureCount, custom: custom)
    }

    package var label: String {
        let operation = domain.isEmpty ? opType : "\(domain).\(opType)"
        return name.isEmpty ? "\(id) (\(operation))" : "\(name) (\(operation))"
    }
}

/// A value of a graph as its file declares it.
package struct GraphValue: Sendable {
    package let name: String
    /// The declared type, shapes with symbols being `.unknown`; nil where nothing is declared.
    package let type: ValueType?
    /// The declared dimensions of a tensor; nil where the file gives no shape.
    package let dimensions: [Dimension]?
}

/// A closed graph in topological order; immutable.
///
/// A body of If, Loop or Scan has as inputs what its operator feeds, then the captured values in the order of the
/// node's trailing inputs. A body of If has captures alone.
package final class Graph: Sendable {
    package let name: String
    package let nodes: [Node]
    package let values: [GraphValue]
    package let inputs: [Int]
    package let outputs: [Int]
    /// Initialisers and folded values, by value number.
    package let constants: [Int: Constant]
    /// Whether it, or a body in it, has nodes of operators beside the standard's.
    package let hasCustomOperators: Bool

    package init(
        name: String, nodes: [Node], values: [GraphValue], inputs: [Int], outputs: [Int], constants: [Int: Constant]
    ) {
        self.name = name
        self.nodes = nodes
        self.values = values
        self.inputs = inputs
        self.outputs = outputs
        self.constants = constants
        hasCustomOperators = nodes.contains { node in
            node.custom != nil || node.bodies.values.contains(where: \.hasCustomOperators)
        }
    }

    /// The number of a value with a name, if there is one.
    package func value(named name: String) -> Int? { values.firstIndex { $0.name == name } }
}

/// A whole model: the main graph, and what the file says about itself.
package struct Model: Sendable {
    package var graph: Graph
    package var irVersion: Int
    /// Operator-set versions by domain; the default domain is the empty string.
    package var opsets: [String: Int]
    package var producer: String
    package var documentation: String
    package var metadata: [String: String]
    /// The file it came from; nil for bytes in memory.
    package var file: String?

    package init(
        graph: Graph, irVersion: Int, opsets: [String: Int], producer: String = "", documentation: String = "",
        metadata: [String: String] = [:], file: String? = nil
    ) {
        self.graph = graph
        self.irVersion = irVersion
        self.opsets = opsets
        self.producer = producer
        self.documentation = documentation
        self.metadata = metadata
        self.file = file
    }
}
