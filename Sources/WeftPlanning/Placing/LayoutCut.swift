import WeftPlacement
import WeftProvider

/// Decides the layouts that the nodes of one memory space work in.
///
/// It uses the minimum cut that also places nodes: labels are layouts, and conversions are the transfers. With one
/// layout besides plain the result is exact; with more, it is the best of plain everywhere, the cut over all layouts
/// and the cuts over plain and one other.
struct LayoutCut {
    let candidates: [LayoutChoice.Candidate]
    /// Indices of the candidates in the space.
    let members: [Int]
    let space: Int
    let graph: GraphView
    let conversions: LayoutConversions

    /// The layout of each member, in the order of `members`.
    func layouts() -> [Layout] {
        var found: [Layout] = []
        for member in members {
            for layout in candidates[member].layouts where layout != .plain && !found.contains(layout) {
                found.append(layout)
            }
        }
        let plain = [Layout](repeating: .plain, count: members.count)
        guard !found.isEmpty else { return plain }
        let values = values
        func solve(_ list: [Layout]) -> [Layout] { self.solve(list, values) }
        func seconds(_ layouts: [Layout]) -> Double { self.seconds(layouts, values) }
        var best = solve([.plain] + found)
        guard found.count > 1 else { return best }
        var least = seconds(best)
        for rival in [plain] + found.map({ solve([.plain, $0]) }) {
            let other = seconds(rival)
            if other < least { (best, least) = (rival, other) }
        }
        return best
    }

    /// The cheapest layouts out of the list; if the cut fails, plain, or the list's second for members without plain.
    private func solve(_ list: [Layout], _ values: [Value]) -> [Layout] {
        var problem = PlacementProblem(spaces: list.count)
        for member in members {
            problem.nodes.append(
                .init(prices: list.map { candidates[member].cheapest($0)?.way.seconds ?? .infinity }))
        }
        for value in values {
            let (takers, origin) = (value.readers.filter { $0.wants(list) }, value.maker.filter { $0.wants(list) })
            guard !takers.isEmpty || origin != nil else { continue }
            problem.values.append(
                .init(
                    origin: origin.map { .node($0.member) } ?? .space(0), consumers: takers.map(\.member),
                    destination: value.isReadElsewhere || takers.count < value.readers.count ? 0 : nil,
                    transfer: TransferPrices(spaces: list.count) { from, to in
                        conversions.seconds(value.type, from: list[from], to: list[to], in: space) ?? .infinity
                    }))
        }
        do {
            return try problem.solve().spaces.map { list[$0] }
        } catch {
            return members.map { candidates[$0].cheapest(.plain) == nil ? list[1] : .plain }
        }
    }

    /// Seconds of nodes and conversions with these layouts; infinite if a way or a conversion is missing.
    private func seconds(_ layouts: [Layout], _ values: [Value]) -> Double {
        var total = 0.0
        for (member, layout) in zip(members, layouts) {
            total += candidates[member].cheapest(layout)?.way.seconds ?? .infinity
        }
        for value in values {
            let present = value.maker?.layout(in: layouts) ?? .plain
            var wanted: [Layout] = value.isReadElsewhere ? [.plain] : []
            for layout in value.readers.lazy.map({ $0.layout(in: layouts) }) where !wanted.contains(layout) {
                wanted.append(layout)
            }
            for layout in wanted {
                total += conversions.seconds(value.type, from: present, to: layout, in: space) ?? .infinity
            }
        }
        return total
    }

    /// The layout in which a node reads or makes a value, for each layout that the node may work in.
    private struct Use {
        /// Position in `members`.
        let member: Int
        let layouts: [Layout: Layout]

        /// Whether it has the value in another layout than plain, for any layout of the list.
        func wants(_ list: [Layout]) -> Bool { list.contains { layouts[$0] ?? .plain != .plain } }
        func layout(in chosen: [Layout]) -> Layout { layouts[chosen[member]] ?? .plain }
    }

    private struct Value {
        let type: ValueType
        let maker: Use?
        /// One for each member that reads it; of several operands, the first that is not plain counts.
        let readers: [Use]
        /// Whether the caller, a unit, or a node in another space reads it: they need it plain.
        let isReadElsewhere: Bool
    }

    /// The tensors that members make or read, without constants.
    private var values: [Value] {
        var position: [Int: Int] = [:]
        for (index, member) in members.enumerated() { position[member] = index }
        var seen: Set<Int> = []
        var found: [Value] = []
        func use(_ member: Int, _ layout: (Variant) -> Layout) -> Use? {
            guard let index = position[member] else { return nil }
            var layouts: [Layout: Layout] = [:]
            for name in candidates[member].layouts {
                if let variant = candidates[member].cheapest(name)?.way.variant { layouts[name] = layout(variant) }
            }
            return Use(member: index, layouts: layouts)
        }
        func consider(_ operand: Operand) {
            guard operand.constant == nil, operand.type.byteCount != nil, seen.insert(operand.value).inserted else {
                return
            }
            let maker = graph.producer(of: operand.value).flatMap { producer in
                let index = candidates[producer].view.outputs.firstIndex { $0?.value == operand.value } ?? 0
                return use(producer) { $0.outputLayout(index) }
            }
            let consumers = graph.consumers(of: operand.value)
            let readers = consumers.compactMap { reader in
                use(reader) { variant in
                    let wanted = candidates[reader].view.inputs.indices.lazy
                        .filter { candidates[reader].view.inputs[$0]?.value == operand.value }
                        .map { variant.inputLayout($0) }
                    return wanted.first { $0 != .plain } ?? .plain
                }
            }
            found.append(
                Value(
                    type: operand.type, maker: maker, readers: readers,
                    isReadElsewhere: graph.isOutput(operand.value) || readers.count < consumers.count))
        }
        for member in members {
            for case let operand? in candidates[member].view.outputs + candidates[member].view.inputs {
                consider(operand)
            }
        }
        return found
    }
}

extension Optional {
    /// The value, if it passes.
    fileprivate func filter(_ passes: (Wrapped) -> Bool) -> Wrapped? { flatMap { passes($0) ? $0 : nil } }
}
