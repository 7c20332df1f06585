import WeftProvider
import WeftRuntime

/// What follows a placement until its plan is verified, for one problem.
struct PlacementStages {
    private let problem: PlacementProblem
    private let launch: [Double]
    private let dependencies: [[Int]]

    init(_ problem: PlacementProblem) {
        self.problem = problem
        launch = (0..<problem.spaces).map { $0 == 0 ? 0 : 40e-6 }
        var dependencies = [[Int]](repeating: [], count: problem.nodes.count)
        for value in problem.values {
            guard case .node(let producer) = value.origin else { continue }
            for consumer in value.consumers { dependencies[consumer].append(producer) }
        }
        self.dependencies = dependencies
    }

    /// Segments of one order, small ones given to their neighbours where that helps.
    func segmented(_ placement: Placement) throws(PartitioningError) -> SegmentedPlan {
        let graph = try SegmentGraph(dependencies: dependencies)
        let labels = placement.spaces.map { SegmentLabel(space: $0, provider: 0) }
        var rivals: [[SegmentLabel]] = []
        if let host = try problem.hostOnlyPlacement() {
            rivals.append(host.spaces.map { SegmentLabel(space: $0, provider: 0) })
        }
        return SegmentSearch().improve(labels, rivals: rivals, of: graph, launch: launch) { node, label in
            problem.nodes[node].allows(label.space)
        } simulate: { labels, segments in
            problem.serialSeconds(labels, segments, launch: launch)
        }
    }

    /// Writes the plan down with its transfers and checks it. Throws where it is unsound.
    func verify(_ plan: SegmentedPlan) throws {
        var description = PlanDescription(nodes: [], values: [], steps: [])
        var operands = [[Int]](repeating: [], count: problem.nodes.count)
        var results = operands
        for (index, value) in problem.values.enumerated() {
            var given: [Int] = []
            switch value.origin {
            case .node(let producer): results[producer].append(index)
            case .space(let space): given = [space]
            }
            for consumer in value.consumers { operands[consumer].append(index) }
            description.values.append(
                .init("v\(index)", given: given, wanted: value.destination.map { [$0] } ?? []))
        }
        for node in problem.nodes.indices {
            description.nodes.append(
                .init(
                    "n\(node)", space: plan.labels[node].space, operands: operands[node], results: results[node]))
        }
        var crossings = [[PlacementProblem.Crossing]](repeating: [], count: problem.values.count)
        for crossing in problem.crossings(of: plan.labels.map(\.space)) { crossings[crossing.value].append(crossing) }
        func bring(_ value: Int) {
            for crossing in crossings[value] {
                description.steps.append(.init(.transfer(value: value, from: crossing.from, to: crossing.to)))
            }
        }
        for (index, value) in problem.values.enumerated() {
            if case .space = value.origin { bring(index) }
        }
        for segment in plan.segments {
            for node in segment.nodes {
                description.steps.append(.init(.run(node: node)))
                for value in results[node] { bring(value) }
            }
        }
        let violations = PlanVerifier.violations(of: description)
        if let first = violations.first { throw WeftError(.internalInconsistency, first.message) }
    }
}
