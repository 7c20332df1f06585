package import WeftGraph
package import WeftProvider

/// The type of a graph's input, and its contents if they are known, before a plan is made.
package struct Fact: Sendable {
    package var type: ValueType
    /// The value itself, if it is known; nil if only its type is.
    package var contents: Constant?

    package init(type: ValueType, contents: Constant? = nil) {
        self.type = type
        self.contents = contents
    }
}

/// A graph for one signature: everything that follows from shapes is folded, and the rest is a list of units.
package struct Specialised {
    /// A value: its type as far as it is known, and its contents if they are known before anything runs.
    package struct Value {
        package var name: String
        package var type: ValueType?
        package var contents: Constant?
        /// The data-dependent values that its shape depends on; see `Tail`.
        var tail = Tail()
    }

    /// A piece of work; a graph's units are in topological order.
    package struct Unit {
        package enum Kind {
            /// A node with fixed shapes: it is placed and compiled.
            case planned(NodeView)
            /// A node that runs by itself when its operands are there.
            ///
            /// Contents of operands decide a shape, or an operand has no size in bytes (strings, sequences, optionals).
            case dynamic(Node)
            /// If, Loop or Scan.
            case controlFlow(Node)
            /// Nodes behind data-dependent values: a graph that is called with its actual signature during a run.
            case region(Graph)
        }
        package var kind: Kind
        /// Value numbers; `Node.absent` for operands that are absent.
        package var inputs: [Int]
        package var outputs: [Int]
        /// How many of the model's nodes it stands for.
        package var nodeCount: Int

        /// A description for messages and reports.
        package var label: String {
            switch kind {
            case .planned(let view): view.label
            case .dynamic(let node), .controlFlow(let node): node.label
            case .region: "\(nodeCount) node\(nodeCount == 1 ? "" : "s") behind values that only a run knows"
            }
        }
    }

    package var values: [Value] = []
    package var units: [Unit] = []
    package var inputs: [Int] = []
    package var outputs: [Int] = []
    /// How many of the model's nodes were folded, or removed because nothing reads them.
    package var foldedCount = 0
}

extension Specialised {
    /// Sorts units topologically; each unit stays in its place unless an earlier one depends on it.
    ///
    /// Throws `.internalInconsistency` if units depend on each other in a cycle.
    package mutating func sort() throws(WeftError) {
        var producer: [Int: Int] = [:]
        for (index, unit) in units.enumerated() {
            for value in unit.outputs where value != Node.absent { producer[value] = index }
        }
        let dependencies = units.map { unit in
            unit.inputs.compactMap { $0 == Node.absent ? nil : producer[$0] }
        }
        var order: [Int] = []
        var state = [UInt8](repeating: 0, count: units.count)
        for start in units.indices where state[start] == 0 {
            var stack = [(unit: start, next: 0)]
            state[start] = 1
            while let top = stack.last {
                if top.next < dependencies[top.unit].count {
                    stack[stack.count - 1].next += 1
                    let other = dependencies[top.unit][top.next]
                    if state[other] == 0 {
                        state[other] = 1
                        stack.append((other, 0))
                    } else if state[other] == 1 {
                        throw WeftError(.internalInconsistency, "data-dependent parts wait for each other")
                    }
                } else {
                    state[top.unit] = 2
                    order.append(top.unit)
                    stack.removeLast()
                }
            }
        }
        let unordered = units
        units = order.map { unordered[$0] }
    }
}
