import WeftGraph
import WeftProvider

/// A graph while its nodes are being added, and what it has taken from the graph round it.
final class GraphDraft {
    var builder: GraphBuilder
    /// Where the node stands whose body this is; nil for the main graph.
    let outer: Scope?
    /// Values of the outer graph that this one reads, in order of first use.
    private(set) var captures: [Int] = []
    private var innerValues: [Int: Int] = [:]

    init(name: String, outer: Scope?, operators: OperatorSet) {
        builder = GraphBuilder(name: name, operators: operators)
        self.outer = outer
    }

    /// This graph's value for one of the outer graph's.
    func capture(_ value: Int, of outer: GraphDraft) -> Int {
        if let inner = innerValues[value] { return inner }
        let inner = twin(of: value, in: outer)
        innerValues[value] = inner
        captures.append(value)
        return inner
    }

    /// Appends one input for each captured value; those that only a sibling body reads are there and unused.
    func close(over captures: [Int], of outer: GraphDraft) -> Graph {
        for value in captures { builder.inputs.append(innerValues[value] ?? twin(of: value, in: outer)) }
        return builder.build()
    }

    private func twin(of value: Int, in outer: GraphDraft) -> Int {
        let declared = outer.builder.values[value]
        return builder.value(declared.name, type: declared.type, dimensions: declared.dimensions)
    }
}

/// The names that are visible at one place of a graph: a graph's own, or a function's inside its call.
final class Scope {
    let draft: GraphDraft
    /// Operator-set versions by domain; the default domain is the empty string.
    let opsets: [String: Int]
    /// The call that this is inside of; nil outside functions.
    let call: FunctionCall?
    /// Whether names of the graph round it are out of sight, as in a function.
    let isClosed: Bool
    /// Bodies and calls round this place.
    let depth: Int
    /// Types by name, as the file declares them.
    var declared: [String: TypeProto] = [:]
    /// Values that are there before the node that makes them: a call's outputs.
    var reserved: [String: Int] = [:]
    /// What is to be added here, for the question which names are read.
    var contents: (nodes: [NodeProto], results: [String]) = ([], [])
    private var values: [String: Int] = [:]
    private lazy var names: Set<String> = NodeOrder.usedNames(contents.nodes).union(contents.results)

    init(draft: GraphDraft, opsets: [String: Int], call: FunctionCall?, isClosed: Bool, depth: Int) {
        self.draft = draft
        self.opsets = opsets
        self.call = call
        self.isClosed = isClosed
        self.depth = depth
    }

    /// The value with a name, taken from the graphs round this one where need be; nil where nothing has the name.
    ///
    /// Constants of outer graphs become constants here, with the same identity; other values become captures.
    func find(_ name: String) -> Int? {
        if let value = values[name] { return value }
        guard !isClosed, let outer = draft.outer, let value = outer.find(name) else { return nil }
        let inner: Int
        if value == Node.absent {
            inner = value
        } else if let constant = outer.draft.builder.constants[value] {
            inner = draft.builder.constant(constant, name: outer.draft.builder.values[value].name)
        } else {
            inner = draft.capture(value, of: outer.draft)
        }
        values[name] = inner
        return inner
    }

    /// A value that a node, an input or an initialiser makes under a name. Throws where the name is taken here.
    func define(_ name: String) throws(WeftError) -> Int {
        if let value = reserved[name] {
            try bind(name, to: value)
            return value
        }
        let declaration = try declared[name]?.declaration(of: name)
        let value = draft.builder.value(
            label(name), type: declaration?.type, dimensions: declaration?.dimensions)
        try bind(name, to: value)
        return value
    }

    /// Gives a value that is there already a name.
    func bind(_ name: String, to value: Int) throws(WeftError) {
        guard values.updateValue(value, forKey: name) == nil else {
            throw WeftError(.invalidModel, "the name '\(name)' is defined twice")
        }
    }

    /// A known value under a name.
    func define(_ name: String, as constant: Constant) throws(WeftError) {
        if let value = reserved[name] {
            try bind(name, to: value)
            draft.builder.define(value, as: constant)
        } else {
            try bind(name, to: draft.builder.constant(constant, name: label(name)))
        }
    }

    /// Whether any node here, a body of one, or whoever receives the results reads a name.
    func isRead(_ name: String) -> Bool { names.contains(name) }

    /// A name as people see it: inside a call, the call's name goes before it.
    func label(_ name: String) -> String {
        guard let call, !name.isEmpty else { return name }
        return "\(call.label)/\(name)"
    }
}

/// A function, and how one node calls it.
struct FunctionCall {
    let key: FunctionKey
    /// Unique in the model.
    let label: String
    /// What the function's attribute references stand for; none is itself a reference.
    let attributes: [String: AttributeProto]
    /// The functions round this one, outermost first, with itself.
    let stack: [FunctionKey]
}

/// What a node names a function by.
struct FunctionKey: Hashable, CustomStringConvertible {
    let domain: String
    let name: String
    let overload: String

    var description: String {
        (domain.isEmpty ? name : "\(domain).\(name)") + (overload.isEmpty ? "" : ":\(overload)")
    }
}
