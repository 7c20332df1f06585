/// Segments, the labels they came from, and the time that was simulated for them.
package struct SegmentedPlan: Sendable, Equatable {
    package var labels: [SegmentLabel]
    package var segments: [Stretch]
    package var seconds: Double

    package init(labels: [SegmentLabel], segments: [Stretch], seconds: Double) {
        self.labels = labels
        self.segments = segments
        self.seconds = seconds
    }
}

/// Gives small segments to their neighbours while that lowers the simulated time of the plan.
///
/// The cut prices nodes and transfers; what each segment costs to launch and to wait for enters here.
package struct SegmentSearch: Sendable {
    /// Segments of more nodes than this are left alone.
    package var largest = 32
    /// How many changed plans may be simulated in all.
    package var trials = 64

    package init(largest: Int = 32, trials: Int = 64) {
        self.largest = largest
        self.trials = trials
    }

    /// Returns the best plan found; `simulate` judges the labels as given, the `rivals`, and every change of the best.
    ///
    /// A segment's nodes may take the label of the segment before or after it where `allows` says so for each. The
    /// smallest segments are tried first, and after each success all over again. Never returns a plan that is slower
    /// than the labels as given, or than a rival: with the host-only labels among these, than the host alone.
    package func improve(
        _ labels: [SegmentLabel], rivals: [[SegmentLabel]] = [], of graph: SegmentGraph, launch: [Double],
        allows: (_ node: Int, _ label: SegmentLabel) -> Bool,
        simulate: (_ labels: [SegmentLabel], _ segments: [Stretch]) -> Double
    ) -> SegmentedPlan {
        func plan(_ labels: [SegmentLabel]) -> SegmentedPlan {
            let segments = graph.segments(labels, launch: launch)
            return SegmentedPlan(labels: labels, segments: segments, seconds: simulate(labels, segments))
        }
        var best = plan(labels)
        for rival in rivals {
            let planned = plan(rival)
            if planned.seconds < best.seconds { best = planned }
        }
        var left = trials
        while left > 0, let better = firstImprovement(of: best, graph, launch, &left, allows, simulate) {
            best = better
        }
        return best
    }

    private func firstImprovement(
        of plan: SegmentedPlan, _ graph: SegmentGraph, _ launch: [Double], _ left: inout Int,
        _ allows: (Int, SegmentLabel) -> Bool, _ simulate: ([SegmentLabel], [Stretch]) -> Double
    ) -> SegmentedPlan? {
        let small = plan.segments.indices.filter { plan.segments[$0].nodes.count <= largest }
            .sorted { (plan.segments[$0].nodes.count, $0) < (plan.segments[$1].nodes.count, $1) }
        for index in small {
            let segment = plan.segments[index]
            var tried: [SegmentLabel] = [segment.label]
            for neighbour in [index - 1, index + 1] where plan.segments.indices.contains(neighbour) {
                let label = plan.segments[neighbour].label
                guard left > 0, !tried.contains(label), segment.nodes.allSatisfy({ allows($0, label) }) else {
                    continue
                }
                tried.append(label)
                left -= 1
                var labels = plan.labels
                for node in segment.nodes { labels[node] = label }
                let segments = graph.segments(labels, launch: launch)
                let seconds = simulate(labels, segments)
                if seconds < plan.seconds - 1e-12 * abs(plan.seconds) {
                    return SegmentedPlan(labels: labels, segments: segments, seconds: seconds)
                }
            }
        }
        return nil
    }
}

extension PlacementProblem {
    /// The time of a plan whose segments run one after the other: its placement's cost and a launch per segment.
    package func serialSeconds(_ labels: [SegmentLabel], _ segments: [Stretch], launch: [Double]) -> Double {
        segments.reduce(cost(of: labels.map(\.space))) { $0 + launch[$1.label.space] }
    }
}
