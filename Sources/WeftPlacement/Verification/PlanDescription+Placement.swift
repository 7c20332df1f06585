extension PlanDescription {
    /// Describes a placement in its order, with each transfer as soon as its value exists; values have no memory.
    ///
    /// Nodes and values are named by their numbers.
    package init(_ problem: PackedProblem, _ plan: SegmentedPlan) {
        self.init(nodes: [], values: [], steps: [])
        let labels = plan.labels.map(\.space)
        let incidence = Incidence(problem)
        let reads = incidence.reads.items.map { Int($0) }
        let makes = incidence.makes.items.map { Int($0) }
        nodes.reserveCapacity(problem.nodeCount)
        for node in 0..<problem.nodeCount {
            nodes.append(
                Node(
                    space: labels[node], operands: reads[incidence.reads.range(node)],
                    results: makes[incidence.makes.range(node)]))
        }
        values.reserveCapacity(problem.valueCount)
        let lists = (0..<max(problem.spaces, 0)).map { [$0] }
        for value in 0..<problem.valueCount {
            let origin = problem.origins[value], destination = problem.destinations[value]
            values.append(
                Value(
                    "", given: origin < 0 ? lists[Int(~origin)] : [],
                    wanted: destination < 0 ? [] : lists[Int(destination)]))
        }
        var transfers = 0
        for value in 0..<problem.valueCount { transfers += Self.wanted(value, problem, labels).nonzeroBitCount }
        steps.reserveCapacity(problem.nodeCount + transfers)
        for value in 0..<problem.valueCount where problem.origins[value] < 0 { bring(value, problem, labels) }
        for segment in plan.segments {
            for node in segment.nodes {
                steps.append(Step(.run(node: node)))
                for value in makes[incidence.makes.range(node)] { bring(value, problem, labels) }
            }
        }
    }

    /// The same for a problem that is known to be valid: an index that does not exist traps.
    package init(_ problem: PlacementProblem, _ plan: SegmentedPlan) {
        self.init(PackedProblem(unchecked: problem), plan)
    }

    /// Adds the transfers of a value to all spaces that need it, in order of space.
    private mutating func bring(_ value: Int, _ problem: PackedProblem, _ labels: [Int]) {
        let wanted = Self.wanted(value, problem, labels)
        guard wanted != 0 else { return }
        let from = problem.source(value, labels)
        forEachBit(wanted) { steps.append(Step(.transfer(value: value, from: from, to: $0))) }
    }

    /// The spaces that a value has to be brought to, as bits.
    private static func wanted(_ value: Int, _ problem: PackedProblem, _ labels: [Int]) -> UInt64 {
        var wanted: UInt64 = 0
        if problem.destinations[value] >= 0 { wanted |= 1 << UInt64(problem.destinations[value]) }
        for slot in problem.readers.range(value) { wanted |= 1 << UInt64(labels[Int(problem.readers.items[slot])]) }
        return wanted & ~(1 << UInt64(problem.source(value, labels)))
    }
}
