import WeftGraph
import WeftProvider

/// Makes a graph's shapes concrete and folds what follows from them.
struct Specialiser {
    private let reference: Reference
    private let regions: RegionTable
    private let workers: any Workers
    private var result = Specialised()
    /// Nodes behind data-dependent values, by label, in order of first meeting.
    private var tails: [(label: Tail, members: [TailMember])] = []

    /// A node of a tail with its operands in the specialised graph's numbering.
    struct TailMember {
        let graph: Graph
        let node: Node
        let inputs: [Int]
        let outputs: [Int]
    }

    /// Results of folding larger than this many bytes are computed at run time instead.
    private static let largestFold = 1 << 20

    init(reference: Reference, regions: RegionTable, workers: any Workers) {
        self.reference = reference
        self.regions = regions
        self.workers = workers
    }

    /// Specialises `graph` for inputs of which `facts` is known.
    mutating func specialise(_ graph: Graph, _ facts: [Fact]) throws(WeftError) -> Specialised {
        var map: [Int: Int] = [:]
        for (value, fact) in zip(graph.inputs, facts) {
            map[value] = add(graph.values[value].name, fact.type, fact.contents)
        }
        result.inputs = graph.inputs.compactMap { map[$0] }
        try walk(graph, &map)
        for value in graph.outputs {
            guard let known = lookUp(value, graph, &map) else {
                throw WeftError(.invalidModel, "output '\(graph.values[value].name)' is never made")
            }
            result.outputs.append(known)
        }
        closeTails()
        try sort()
        return result
    }

    private mutating func add(_ name: String, _ type: ValueType?, _ contents: Constant? = nil) -> Int {
        result.values.append(.init(name: name, type: type, contents: contents))
        return result.values.count - 1
    }

    /// The specialised number of a graph's value; constants get theirs when first used.
    private mutating func lookUp(_ value: Int, _ graph: Graph, _ map: inout [Int: Int]) -> Int? {
        if value == Node.absent { return Node.absent }
        if let known = map[value] { return known }
        guard let constant = graph.constants[value] else { return nil }
        let number = add(graph.values[value].name, constant.type, constant)
        map[value] = number
        return number
    }

    private mutating func walk(_ graph: Graph, _ map: inout [Int: Int]) throws(WeftError) {
        for node in graph.nodes {
            try workers.checkCancellation()
            var inputs: [Int] = []
            inputs.reserveCapacity(node.inputs.count)
            for value in node.inputs {
                guard let known = lookUp(value, graph, &map) else {
                    throw WeftError(
                        .internalInconsistency, "value '\(graph.values[value].name)' is read before it is made",
                        node: node.label)
                }
                inputs.append(known)
            }
            try visit(node, inputs, graph, &map)
        }
    }

    private mutating func outputs(of node: Node, _ graph: Graph, _ map: inout [Int: Int], _ tail: Tail) -> [Int] {
        node.outputs.map { value in
            guard value != Node.absent else { return Node.absent }
            let number = add(graph.values[value].name, nil)
            result.values[number].tail = tail
            map[value] = number
            return number
        }
    }

    private func contents(_ value: Int) -> Constant? { value == Node.absent ? nil : result.values[value].contents }

    private mutating func visit(
        _ node: Node, _ inputs: [Int], _ graph: Graph, _ map: inout [Int: Int]
    ) throws(WeftError) {
        let present = inputs.filter { $0 != Node.absent }
        let tail = Tail(
            epoch: present.map { result.values[$0].tail.epoch }.max() ?? 0,
            sources: present.reduce(into: []) { $0.formUnion(result.values[$1].tail.sources) })

        if ControlFlow.isControlFlow(node) {
            if node.opType == "If", let condition = contents(inputs[0]),
                let taken = node.bodies[
                    try ControlFlow.flag(.constant(condition), "the condition") ? "then_branch" : "else_branch"]
            {
                return try inline(taken, of: node, inputs, graph, &map)
            }
            if !tail.sources.isEmpty { return defer_(node, inputs, graph, &map, tail) }
            let facts = inputs.map { value in
                value == Node.absent ? nil : result.values[value].type.map { Fact(type: $0, contents: contents(value)) }
            }
            let (reference, regions, workers) = (reference, regions, workers)
            let types = BodyTypes { body, known throws(WeftError) in
                var inner = Specialiser(reference: reference, regions: regions, workers: workers)
                let specialised = try inner.specialise(body, known)
                return specialised.outputs.map { specialised.values[$0].type }
            }
            let inferred = types.outputs(of: node, facts)
            let all = declaredTypes(of: node, inputs).enumerated().map { index, declared in
                index < inferred.count ? inferred[index] ?? declared : declared
            }
            return addUnit(.controlFlow(node), node, inputs, graph, &map, tail, types: all)
        }
        if !tail.sources.isEmpty { return defer_(node, inputs, graph, &map, tail) }
        if present.contains(where: { !isPlainTensor($0) }) {
            let view = try? view(node, inputs, id: 0)
            return addUnit(
                .dynamic(node), node, inputs, graph, &map, tail, types: view?.outputs.map { $0?.type } ?? [])
        }
        if try fold(node, inputs, graph, &map) { return }

        guard let schema = OperatorTable.schema(node.opType, domain: node.domain) else {
            throw NodeResolver.unknownOperator(node)
        }
        let known = inputs.indices.allSatisfy { index in
            !schema.hostInputs.contains(index) || inputs[index] == Node.absent || contents(inputs[index]) != nil
        }
        let view = try view(node, inputs, id: result.units.count)
        let types = view.outputs.map { $0?.type }
        let fixed = view.outputs.allSatisfy { $0.map { isPlain($0.type) } ?? true }
        if known && fixed {
            addUnit(.planned(view), node, inputs, graph, &map, tail, types: types)
        } else {
            addUnit(.dynamic(node), node, inputs, graph, &map, tail, types: types)
        }
    }

    /// What the bodies of a control-flow node say about its outputs; nil for those of which they say nothing.
    private func declaredTypes(of node: Node, _ inputs: [Int]) -> [ValueType?] {
        var inference = Inference(
            node, inputs: inputs.map { $0 == Node.absent ? nil : result.values[$0].type }, contents: [])
        try? OperatorTable.schema(node.opType, domain: node.domain)?.infer(&inference)
        return inference.outputs
    }

    private func isPlain(_ type: ValueType) -> Bool { type.byteCount != nil }

    private func isPlainTensor(_ value: Int) -> Bool {
        result.values[value].type.map(isPlain) ?? false
    }

    private func view(_ node: Node, _ inputs: [Int], id: Int) throws(WeftError) -> NodeView {
        try NodeResolver.resolve(
            node, inputs: inputs.map { $0 == Node.absent ? nil : result.values[$0].type },
            contents: inputs.map { contents($0) }, id: id, inputIDs: inputs,
            outputIDs: node.outputs.indices.map { _ in Node.absent })
    }

    private mutating func addUnit(
        _ kind: Specialised.Unit.Kind, _ node: Node, _ inputs: [Int], _ graph: Graph, _ map: inout [Int: Int],
        _ tail: Tail, types: [ValueType?]
    ) {
        let outputs = outputs(of: node, graph, &map, tail)
        for (index, value) in outputs.enumerated() where value != Node.absent {
            let type = index < types.count ? types[index] : nil
            result.values[value].type = type
            if type.map({ !isPlain($0) && !isContainerOrString($0) }) ?? true {
                result.values[value].tail.sources = [outputs.first { $0 != Node.absent } ?? value]
            }
        }
        var kind = kind
        if case .planned(var view) = kind {
            for (index, value) in outputs.enumerated() {
                guard let operand = view.outputs[index] else { continue }
                view.outputs[index] = Operand(value: value, type: operand.type)
            }
            kind = .planned(view)
        }
        result.units.append(.init(kind: kind, inputs: inputs, outputs: outputs, nodeCount: 1))
    }

    /// Whether the type has no bytes to plan for though its shape may be known: strings and containers.
    private func isContainerOrString(_ type: ValueType) -> Bool {
        guard case .tensor(let element, let shape) = type else { return true }
        return element == .string && shape != .unknown
    }

    /// Takes an If whose condition is known as the branch that it takes.
    private mutating func inline(
        _ branch: Graph, of node: Node, _ inputs: [Int], _ graph: Graph, _ map: inout [Int: Int]
    ) throws(WeftError) {
        var inner: [Int: Int] = [:]
        for (value, outer) in zip(branch.inputs, inputs.suffix(node.captureCount)) { inner[value] = outer }
        try walk(branch, &inner)
        for (outer, value) in zip(node.outputs, branch.outputs) where outer != Node.absent {
            guard let number = lookUp(value, branch, &inner) else {
                throw WeftError(.invalidModel, "the branch never makes its output", node: node.label)
            }
            map[outer] = number
        }
        result.foldedCount += 1
    }

    /// Computes what is known already; false where it has to wait for the run.
    private mutating func fold(
        _ node: Node, _ inputs: [Int], _ graph: Graph, _ map: inout [Int: Int]
    ) throws(WeftError) -> Bool {
        guard let schema = OperatorTable.schema(node.opType, domain: node.domain), schema.nature == .pure else {
            return false
        }
        if node.domain.isEmpty, node.opType == "Shape" || node.opType == "Size", inputs[0] != Node.absent,
            let shape = result.values[inputs[0]].type?.dimensions
        {
            let folded: Constant
            if node.opType == "Shape" {
                let range = try Operator.shapeRange(node.attributes, rank: shape.count)
                folded = ConstantFactory.constant(ints: Array(shape[range]))
            } else {
                folded = ConstantFactory.constant(Tensor(scalar: Int64(shape.elementCount)))
            }
            define(node, [folded], graph, &map)
            return true
        }
        var data: [Datum?] = []
        for value in inputs {
            if value == Node.absent {
                data.append(nil)
            } else if let constant = result.values[value].contents {
                data.append(.constant(constant))
            } else {
                return false
            }
        }
        let view = try view(node, inputs, id: 0)
        let bytes = view.outputs.reduce(0) { $0 + ($1?.type.byteCount ?? 0) }
        guard bytes <= Self.largestFold,
            case .variants = reference.provider.support(view, on: reference.device.description)
        else { return false }
        let values = try reference.run(node, data, workers: workers, budget: MemoryBudget())
        var constants: [Constant?] = []
        for value in values {
            guard let value else {
                constants.append(nil)
                continue
            }
            guard let constant = ConstantFactory.constant(value) else { return false }
            constants.append(constant)
        }
        define(node, constants, graph, &map)
        return true
    }

    private mutating func define(_ node: Node, _ constants: [Constant?], _ graph: Graph, _ map: inout [Int: Int]) {
        for (value, constant) in zip(node.outputs, constants) where value != Node.absent {
            if let constant { map[value] = add(graph.values[value].name, constant.type, constant) }
        }
        result.foldedCount += 1
    }
}

// MARK: - Regions

extension Specialiser {
    /// Puts a node behind data-dependent values off to the region of its label.
    private mutating func defer_(
        _ node: Node, _ inputs: [Int], _ graph: Graph, _ map: inout [Int: Int], _ label: Tail
    ) {
        let outputs = outputs(of: node, graph, &map, label)
        let types =
            ControlFlow.isControlFlow(node)
            ? declaredTypes(of: node, inputs) : try? view(node, inputs, id: 0).outputs.map { $0?.type }
        for (index, value) in outputs.enumerated() where value != Node.absent {
            guard let type = types?[index] else { continue }
            result.values[value].type = type
            // A shape that is known again ends the tail.
            if isPlain(type) { result.values[value].tail = Tail(epoch: label.epoch + 1) }
        }
        let member = TailMember(graph: graph, node: node, inputs: inputs, outputs: outputs)
        if let index = tails.firstIndex(where: { $0.label == label }) {
            tails[index].members.append(member)
        } else {
            tails.append((label, [member]))
        }
    }

    /// Makes one unit of every tail: its nodes as a closed graph, interned so that all plans share it.
    private mutating func closeTails() {
        for (_, members) in tails {
            let made = Set(members.flatMap(\.outputs))
            let inside = Set(members.map { ObjectKey(graph: ObjectIdentifier($0.graph), node: $0.node.id) })
            var wanted = Set(result.outputs)
            for unit in result.units { wanted.formUnion(unit.inputs) }
            for (_, others) in tails {
                for member in others
                where !inside.contains(ObjectKey(graph: ObjectIdentifier(member.graph), node: member.node.id)) {
                    wanted.formUnion(member.inputs)
                }
            }
            let outputs = members.flatMap(\.outputs).filter { $0 != Node.absent && wanted.contains($0) }
            var inputs: [Int] = []
            var seen: Set<Int> = []
            for member in members {
                for value in member.inputs
                where value != Node.absent && !made.contains(value) && seen.insert(value).inserted {
                    inputs.append(value)
                }
            }
            let graph = regions.graph(of: members, inputs: inputs, outputs: outputs, names: result.values.map(\.name))
            result.units.append(
                .init(kind: .region(graph), inputs: inputs, outputs: outputs, nodeCount: members.count))
        }
    }

    private struct ObjectKey: Hashable {
        let graph: ObjectIdentifier
        let node: Int
    }

    /// Puts units in topological order, ties by where they stand in the model; regions were appended at the end.
    private mutating func sort() throws(WeftError) {
        guard !tails.isEmpty else { return }
        var producer: [Int: Int] = [:]
        for (index, unit) in result.units.enumerated() {
            for value in unit.outputs where value != Node.absent { producer[value] = index }
        }
        let dependencies = result.units.map { unit in
            unit.inputs.compactMap { $0 == Node.absent ? nil : producer[$0] }
        }
        var order: [Int] = []
        var state = [UInt8](repeating: 0, count: result.units.count)
        for start in result.units.indices where state[start] == 0 {
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
        let units = result.units
        result.units = order.map { units[$0] }
    }
}
