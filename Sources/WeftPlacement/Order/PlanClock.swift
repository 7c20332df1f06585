/// The time line of a plan: the host does one piece of work after the other, and devices work beside it.
///
/// Pieces of work are numbered in the order in which they are added. The host starts a device's work in its turn, goes
/// on at once, and waits only before work that needs a device's results. The plan ends when all work is done.
package struct PlanClock {
    /// By space, whether its work runs beside the host's.
    private let overlaps: [Bool]
    private var host = 0.0
    /// By space, when its device has done all work that it was given so far.
    private var free: [Double]
    /// When each piece of work is done, in the order in which they were added.
    package private(set) var ends: [Double] = []

    package init(overlaps: [Bool]) {
        self.overlaps = overlaps
        free = Array(repeating: 0, count: overlaps.count)
    }

    /// Adds a piece of work in a space; `needed` are the numbers of earlier pieces whose results it reads.
    package mutating func run(_ seconds: Double, in space: Int, after needed: some Sequence<Int>) {
        for work in needed where ends[work] > host { host = ends[work] }
        if overlaps[space] {
            free[space] = max(host, free[space]) + seconds
            ends.append(free[space])
        } else {
            host += seconds
            ends.append(host)
        }
    }

    /// When all work that was added is done.
    package var seconds: Double { max(host, free.max() ?? 0) }
}
