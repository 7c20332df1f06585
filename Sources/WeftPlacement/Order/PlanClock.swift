/// The time line of a plan: the host does one thing after the other, devices of their own work beside it.
///
/// Work is named by the order in which it is put in. The host starts a device's work when it gets there, goes on at
/// once, and waits only before work that needs what another device makes; the plan ends when everything has.
package struct PlanClock {
    /// Per space, whether its work runs beside the host's.
    private let overlaps: [Bool]
    private var host = 0.0
    /// When a device has done what it was given so far, per space.
    private var free: [Double]
    /// When each piece of work is done, in the order in which they were put in.
    package private(set) var ends: [Double] = []

    package init(overlaps: [Bool]) {
        self.overlaps = overlaps
        free = Array(repeating: 0, count: overlaps.count)
    }

    /// Puts in work of a space that needs what earlier work, by number, has made.
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

    /// When all that was put in is done.
    package var seconds: Double { max(host, free.max() ?? 0) }
}
