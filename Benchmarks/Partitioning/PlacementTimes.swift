import BenchmarkSupport
import WeftPlacement
import WeftRuntime

/// The times of a placement's stages over one synthetic problem, in milliseconds.
struct PlacementTimes: Encodable {
    let nodes: Int
    let spaces: Int
    let values: Int
    let segments: Int
    /// One minimum cut of the same graph over two spaces.
    let cut: Double
    /// The best placement: baselines, the cut or cuts, and their prices.
    let solve: Double
    /// Segments, and giving small ones to their neighbours.
    let segmentation: Double
    /// Writing the plan down, and checking it by code of its own.
    let verification: Double
    /// All stages after each other.
    let whole: Double
    /// The same as planning has it: a second placement, which pays for launches too, is a start of the segments as well.
    let twofold: Double

    static let header = [
        "spaces", "nodes", "segments", "cut", "solve", "segments", "verify", "whole", "with second start",
    ]

    var cells: [String] {
        func stage(_ time: Double) -> String { "\(time.short) (\((time / cut).short)x)" }
        return [
            "\(spaces)", "\(nodes)", "\(segments)", cut.short, stage(solve), stage(segmentation), stage(verification),
            stage(whole), stage(twofold),
        ]
    }

    init(nodes: Int, spaces: Int, _ turns: Turns) throws {
        let problem = PlacementProblem.synthetic(nodes: nodes, spaces: spaces)
        let bare = spaces == 2 ? problem : PlacementProblem.synthetic(nodes: nodes, spaces: 2)
        let stages = PlacementStages(try PackedProblem(problem))
        let placement = try problem.solve()
        let segmented = try stages.segmented(placement)
        let times = try turns.time([
            { _ = try bare.bareCut() },
            { _ = try problem.solve() },
            { _ = try stages.segmented(placement) },
            { try stages.verify(segmented) },
            {
                let packed = try PackedProblem(problem)
                let stages = PlacementStages(packed)
                try stages.verify(try stages.segmented(try packed.solve()))
            },
            {
                let stages = PlacementStages(try PackedProblem(problem))
                try stages.verify(try stages.placed())
            },
        ]).map { $0.median * 1e3 }
        self.nodes = nodes
        self.spaces = spaces
        values = problem.values.count
        segments = segmented.segments.count
        (cut, solve, segmentation, verification) = (times[0], times[1], times[2], times[3])
        (whole, twofold) = (times[4], times[5])
    }
}
