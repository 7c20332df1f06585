package import WeftGraph
package import WeftProvider

/// What is known of a graph's input before a plan is made for it.
package struct Fact: Sendable {
    package var type: ValueType
    /// The value itself, where it counts as known.
    package var contents: Constant?

    package init(type: ValueType, contents: Constant? = nil) {
        self.type = type
        self.contents = contents
    }
}

/// A graph under one signature: everything that follows from shapes is folded, what is left is work.
package struct Specialised {
    /// A value: its type as far as it is known, and itself where it is known before anything runs.
    package struct Value {
        package var name: String
        package var type: ValueType?
        package var contents: Constant?
        /// Where it stands between data-dependent parts; see `Tail`.
        var tail = Tail()
    }

    /// A piece of work, in topological order.
    package struct Unit {
        package enum Kind {
            /// Fixed shapes: placed, planned, compiled.
            case planned(NodeView)
            /// Run by itself once its operands are there: their contents decide a shape, or they are no tensors.
            case dynamic(Node)
            /// If, Loop or Scan.
            case controlFlow(Node)
            /// The part of the graph behind data-dependent values, called with its actual signature.
            case region(Graph)
        }
        package var kind: Kind
        /// Value numbers; `Node.absent` where an operand is not given.
        package var inputs: [Int]
        package var outputs: [Int]
        /// How many of the model's own nodes it stands for.
        package var nodeCount: Int

        /// What it is, for people.
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
    /// Nodes of the model that were folded away.
    package var foldedCount = 0
}

extension Specialised {
    /// Puts units in topological order, ties by where they stand in the model.
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
