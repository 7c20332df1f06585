import WeftPlacement
import WeftProvider

/// Moves nodes between two Transposes to the order of axes outside of them if that leaves fewer bytes to transpose.
///
///     Conv -> Transpose -> Relu -> Transpose -> Conv     becomes     Conv -> Relu -> Conv
///
/// For each order of axes, a minimum cut decides which nodes move. A value costs its bytes if it needs a Transpose,
/// that is between a node that moves and one that stays. The model's own Transposes count as nodes that move: next to
/// a node that moves they disappear and cost nothing, next to one that stays they cost their bytes.
struct TransposeMoves {
    private let constants: DerivedConstants
    /// The start of a kernel as a number of bytes that take as long to transpose; added to each value's cost.
    private static let launch = 16_384.0

    init(_ constants: DerivedConstants) { self.constants = constants }

    /// Returns whether it changed anything; the graph's units are then in topological order.
    func apply(_ graph: inout RewriteGraph) throws(WeftError) -> Bool {
        var orders: [[Int]] = []
        for unit in graph.indices {
            guard let node = graph.node(unit), let (_, order) = TransposePairs.transpose(node), order.count > 2,
                order != Array(order.indices), !orders.contains(order)
            else { continue }
            orders.append(order)
        }
        var changed = false
        for order in orders where try move(into: order, &graph) {
            graph.removeUnread()
            graph = RewriteGraph(try graph.finished())
            changed = true
        }
        return changed
    }

    /// Moves nodes before Transposes by `order`: an old value is the new one transposed by `order`.
    ///
    /// Returns whether any node moved.
    private func move(into order: [Int], _ graph: inout RewriteGraph) throws(WeftError) -> Bool {
        let back = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
        var movable: [(unit: Int, axes: MovableAxes)] = []
        for unit in graph.indices {
            guard let node = graph.node(unit), let axes = MovableAxes(node, order: back) else { continue }
            movable.append((unit, axes))
        }
        guard !movable.isEmpty else { return false }
        let labels: [Int]
        do {
            labels = try problem(movable, order, back, graph).solve().spaces
        } catch {
            throw WeftError(.internalInconsistency, "no order of axes was found: \(error)")
        }
        let moving = movable.indices.filter { labels[$0] == 1 }.map { movable[$0] }
        guard !moving.isEmpty else { return false }
        var moved: [Int: Operand] = [:]
        for (unit, axes) in moving {
            var operands: [Operand] = []
            for index in axes.inputs {
                guard let operand = axes.node.input(index) else { continue }
                operands.append(source(of: operand, order, back, &moved, &graph))
            }
            guard let output = axes.node.output(0) else { continue }
            var result = output
            if axes.movesOutputs {
                result = fresh(output, back, &graph)
                moved[output.value] = result
            }
            let view = try axes.moved(back, operands: operands, output: result, &graph, constants)
            graph.replace(unit, with: view)
        }
        for (unit, axes) in moving {
            guard axes.movesOutputs, let output = axes.node.output(0), let result = graph.node(unit)?.output(0) else {
                continue
            }
            bringBack(output, result, order, back, &graph)
        }
        return true
    }

    /// The problem for the cut: label 0 for nodes that stay, 1 for nodes that move; transfers stand for Transposes.
    private func problem(
        _ movable: [(unit: Int, axes: MovableAxes)], _ order: [Int], _ back: [Int], _ graph: RewriteGraph
    ) -> PlacementProblem {
        var problem = PlacementProblem(spaces: 2)
        var number: [Int: Int] = [:]
        for (index, entry) in movable.enumerated() {
            number[entry.unit] = index
            // The price of 1 keeps nodes in place if moving them saves nothing.
            problem.nodes.append(.init(prices: [0, 1]))
        }
        var seen: Set<Int> = []
        func consider(_ operand: Operand) {
            guard operand.constant == nil, operand.shape.count == order.count, seen.insert(operand.value).inserted,
                let bytes = operand.type.byteCount
            else { return }
            let maker = graph.maker(of: operand.value)
            var origin = PlacementProblem.Origin.space(0)
            if let maker, let index = number[maker], movable[index].axes.movesOutputs {
                origin = .node(index)
            } else if let maker, let node = graph.node(maker), TransposePairs.transpose(node)?.order == order {
                origin = .space(1)
            }
            var consumers: [Int] = []
            var stays = graph.isOutput(operand.value)
            var leaves = false
            for reader in graph.readers(of: operand.value) {
                if let index = number[reader],
                    movable[index].axes.inputs.contains(where: {
                        movable[index].axes.node.input($0)?.value == operand.value
                    })
                {
                    consumers.append(index)
                } else if let node = graph.node(reader), TransposePairs.transpose(node)?.order == back {
                    leaves = true
                } else {
                    stays = true
                }
            }
            if leaves {
                consumers.append(problem.nodes.count)
                problem.nodes.append(.init(prices: [.infinity, 0]))
            }
            let price = Double(bytes) + Self.launch
            problem.values.append(
                .init(
                    origin: origin, consumers: consumers, destination: stays ? 0 : nil,
                    transfer: TransferPrices(spaces: 2) { _, _ in price }))
        }
        for (_, axes) in movable {
            for index in axes.inputs { if let operand = axes.node.input(index) { consider(operand) } }
            if axes.movesOutputs, let output = axes.node.output(0) { consider(output) }
        }
        return problem
    }

    /// A value in the new order of axes: what the Transpose that makes it reads, else a new Transpose of the value.
    private func source(
        of operand: Operand, _ order: [Int], _ back: [Int], _ moved: inout [Int: Operand], _ graph: inout RewriteGraph
    ) -> Operand {
        if let known = moved[operand.value] { return known }
        if let maker = graph.maker(of: operand.value), let node = graph.node(maker),
            let (origin, found) = TransposePairs.transpose(node), found == order
        {
            moved[operand.value] = origin
            return origin
        }
        let result = fresh(operand, back, &graph)
        graph.append(TransposePairs.node("\(graph.value(operand.value).name) moved", operand, to: result, back))
        moved[operand.value] = result
        return result
    }

    private func fresh(_ operand: Operand, _ back: [Int], _ graph: inout RewriteGraph) -> Operand {
        let shape = back.map { operand.shape[$0] }
        let type = ValueType.tensor(operand.type.elementType ?? .float32, .fixed(shape))
        return Operand(value: graph.add("\(graph.value(operand.value).name) moved", type), type: type)
    }

    /// Connects the remaining readers of a value whose maker has moved.
    ///
    /// Transposes back to the new order are removed; for all other readers the value is transposed to the old order.
    private func bringBack(
        _ output: Operand, _ result: Operand, _ order: [Int], _ back: [Int], _ graph: inout RewriteGraph
    ) {
        for reader in graph.readers(of: output.value) {
            guard let node = graph.node(reader), TransposePairs.transpose(node)?.order == back,
                let end = node.output(0), !graph.isOutput(end.value)
            else { continue }
            graph.redirect(end.value, to: result.value)
            graph.remove(reader)
        }
        guard graph.isOutput(output.value) || !graph.readers(of: output.value).isEmpty else { return }
        graph.append(TransposePairs.node("\(graph.value(output.value).name) back", result, to: output, order))
    }
}
