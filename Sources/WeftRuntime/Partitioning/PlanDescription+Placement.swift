extension PlanDescription {
    /// The plan of a placement in its order, transfers as early as their values are there; nothing has a place.
    ///
    /// A node, and what it makes, are named by their numbers.
    package init(_ problem: PlacementProblem, _ plan: SegmentedPlan) {
        self.init(nodes: [], values: [], steps: [])
        var operands = [[Int]](repeating: [], count: problem.nodes.count)
        var results = operands
        values.reserveCapacity(problem.values.count)
        for index in problem.values.indices {
            var given: [Int] = []
            switch problem.values[index].origin {
            case .node(let producer): results[producer].append(index)
            case .space(let space): given = [space]
            }
            for consumer in problem.values[index].consumers { operands[consumer].append(index) }
            values.append(
                Value(String(index), given: given, wanted: problem.values[index].destination.map { [$0] } ?? []))
        }
        nodes.reserveCapacity(problem.nodes.count)
        for node in problem.nodes.indices {
            nodes.append(
                Node(String(node), space: plan.labels[node].space, operands: operands[node], results: results[node]))
        }
        let crossings = problem.crossings(of: plan.labels.map(\.space))
        /// Crossings come by value: where those of each begin.
        var first = [Int](repeating: crossings.count, count: problem.values.count + 1)
        for index in crossings.indices.reversed() { first[crossings[index].value] = index }
        for value in problem.values.indices.reversed() { first[value] = min(first[value], first[value + 1]) }
        steps.reserveCapacity(problem.nodes.count + crossings.count)
        func bring(_ value: Int) {
            for crossing in crossings[first[value]..<first[value + 1]] {
                steps.append(Step(.transfer(value: value, from: crossing.from, to: crossing.to)))
            }
        }
        for value in problem.values.indices { if case .space = problem.values[value].origin { bring(value) } }
        for stretch in plan.segments {
            for node in stretch.nodes {
                steps.append(Step(.run(node: node)))
                for value in results[node] { bring(value) }
            }
        }
    }
}
