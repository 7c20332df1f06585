import WeftPlacement
import WeftRuntime

/// What follows a placement until its plan is verified, for one problem.
struct PlacementStages {
    private let problem: PackedProblem
    private let launch: [Double]

    init(_ problem: PackedProblem) {
        self.problem = problem
        launch = (0..<problem.spaces).map { $0 == 0 ? 0 : 40e-6 }
    }

    /// Segments of one order, given to their neighbours where that helps, and never slower than the host alone.
    func segmented(_ placement: Placement) throws -> SegmentedPlan {
        let host = problem.hostOnly()
        return try search().improve(labels(placement), rivals: host.map { [labels($0)] } ?? [])
    }

    /// The segments that planning finds, from two placements and the host alone.
    func placed() throws -> SegmentedPlan { try search().place() }

    private func search() throws -> SegmentSearch {
        let simulation = PlanSimulation(problem, launch: launch, overlaps: launch.map { _ in false })
        return SegmentSearch(try SegmentGraph(problem), simulation)
    }

    private func labels(_ placement: Placement) -> [SegmentLabel] {
        placement.spaces.map { SegmentLabel(space: $0, provider: 0) }
    }

    /// Writes the plan down with its transfers and checks it. Throws where it is unsound.
    func verify(_ plan: SegmentedPlan) throws {
        let violations = PlanVerifier.violations(of: PlanDescription(problem, plan))
        if let first = violations.first { throw PartitioningError.malformed(first.message) }
    }
}
