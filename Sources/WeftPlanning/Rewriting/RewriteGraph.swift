import WeftGraph
import WeftProvider

/// A specialised graph while rules change its planned nodes.
///
/// Units keep their numbers; a removed unit is nil. The graph's outputs and the values that units of other kinds make
/// keep their numbers.
struct RewriteGraph {
    private var graph: Specialised
    private var units: [Specialised.Unit?]
    private var makers: [Int: Int] = [:]
    private var readers: [Int: Set<Int>] = [:]
    private let outputs: Set<Int>

    init(_ graph: Specialised) {
        self.graph = graph
        units = graph.units
        outputs = Set(graph.outputs)
        for index in units.indices { link(index) }
    }

    /// The numbers of all units, removed ones included.
    var indices: Range<Int> { units.indices }

    /// The planned node of a unit; nil for units of other kinds and for removed ones.
    func node(_ unit: Int) -> NodeView? {
        guard case .planned(let view)? = units[unit]?.kind else { return nil }
        return view
    }

    func value(_ number: Int) -> Specialised.Value { graph.values[number] }
    func maker(of value: Int) -> Int? { makers[value] }
    func readers(of value: Int) -> [Int] { (readers[value] ?? []).sorted() }
    func isOutput(_ value: Int) -> Bool { outputs.contains(value) }

    /// The only reader of a value, with its unit; nil for several readers, another kind of unit, or a graph output.
    func soleReader(of value: Int) -> (unit: Int, node: NodeView)? {
        guard !isOutput(value), let list = readers[value], list.count == 1, let unit = list.first,
            let node = node(unit)
        else { return nil }
        return (unit, node)
    }

    mutating func add(_ name: String, _ type: ValueType, _ contents: Constant? = nil) -> Int {
        graph.values.append(.init(name: name, type: type, contents: contents))
        return graph.values.count - 1
    }

    /// Adds a value with a constant's contents; returns it as an operand.
    mutating func operand(_ name: String, _ constant: Constant, wantsHost: Bool = false) -> Operand {
        Operand(
            value: add(name, constant.type, constant), type: constant.type, constant: constant, wantsHost: wantsHost)
    }

    /// Replaces a unit's node by another one, which stands for `absorbing` more of the model's nodes.
    mutating func replace(_ unit: Int, with view: NodeView, absorbing: Int = 0) {
        let count = (units[unit]?.nodeCount ?? 0) + absorbing
        unlink(unit)
        units[unit] = planned(view, count)
        link(unit)
    }

    /// Adds a node that stands for none of the model's nodes; returns its unit.
    @discardableResult
    mutating func append(_ view: NodeView) -> Int {
        units.append(planned(view, 0))
        link(units.count - 1)
        return units.count - 1
    }

    mutating func remove(_ unit: Int) {
        unlink(unit)
        units[unit] = nil
    }

    /// Makes all readers of a value, which must not be a graph output, read another one of the same type.
    mutating func redirect(_ value: Int, to other: Int) {
        for unit in readers(of: value) {
            guard var changed = units[unit] else { continue }
            unlink(unit)
            if case .planned(var view) = changed.kind {
                view.inputs = view.inputs.map { operand in
                    guard let operand, operand.value == value else { return operand }
                    return Operand(
                        value: other, type: operand.type, constant: graph.values[other].contents,
                        wantsHost: operand.wantsHost)
                }
                changed.kind = .planned(view)
            }
            changed.inputs = changed.inputs.map { $0 == value ? other : $0 }
            units[unit] = changed
            link(unit)
        }
    }

    /// Removes planned nodes whose outputs have no readers, and then those whose only readers were removed.
    mutating func removeUnread() {
        for unit in units.indices.reversed() { removeIfUnread(unit) }
    }

    private mutating func removeIfUnread(_ unit: Int) {
        guard let node = node(unit),
            node.outputs.allSatisfy({ output in
                output.map { !isOutput($0.value) && (readers[$0.value]?.isEmpty ?? true) } ?? true
            })
        else { return }
        let sources = node.inputs.compactMap { $0.flatMap { makers[$0.value] } }
        graph.foldedCount += units[unit]?.nodeCount ?? 0
        remove(unit)
        for source in Set(sources) { removeIfUnread(source) }
    }

    /// The graph of the remaining units, in topological order. Throws `.internalInconsistency` for a cycle.
    func finished() throws(WeftError) -> Specialised {
        var result = graph
        result.units = units.compactMap { $0 }
        try result.sort()
        return result
    }

    private func planned(_ view: NodeView, _ count: Int) -> Specialised.Unit {
        .init(
            kind: .planned(view), inputs: view.inputs.map { $0?.value ?? Node.absent },
            outputs: view.outputs.map { $0?.value ?? Node.absent }, nodeCount: count)
    }

    private mutating func link(_ unit: Int) {
        for value in units[unit]?.inputs ?? [] where value != Node.absent { readers[value, default: []].insert(unit) }
        for value in units[unit]?.outputs ?? [] where value != Node.absent { makers[value] = unit }
    }

    private mutating func unlink(_ unit: Int) {
        for value in units[unit]?.inputs ?? [] { readers[value]?.remove(unit) }
        for value in units[unit]?.outputs ?? [] where makers[value] == unit { makers[value] = nil }
    }
}
