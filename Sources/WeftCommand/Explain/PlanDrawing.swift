import Weft

/// A plan's course as an SVG picture.
struct PlanDrawing {
    private let plan: PlanExplanation
    private let lanes: PlanLanes
    private let title: String

    init(_ plan: PlanExplanation, title: String) {
        self.plan = plan
        self.title = title
        lanes = PlanLanes(plan)
    }

    private static let ink = "#222"
    private static let quiet = "#667"
    private static let left = 110.0
    private static let right = 30.0
    private static let width = 1200.0
    private static let top = 92.0
    private static let pitch = 84.0
    private static let barHeight = 34.0

    private func x(_ seconds: Double) -> Double {
        Self.left + seconds / lanes.seconds * (Self.width - Self.left - Self.right)
    }
    private func y(_ lane: Int) -> Double { Self.top + Double(lane) * Self.pitch + 20 }

    var svg: String {
        let foot = Self.top + Double(lanes.lanes.count) * Self.pitch
        var svg = SVG(width: Self.width, height: foot + 44)
        svg.raw(
            "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" markerHeight=\"6\" "
                + "orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" fill=\"\(Self.ink)\"/></marker></defs>")
        svg.text("\(title): predicted course of a run", x: 24, y: 36, size: 20, fill: Self.ink, bold: true)
        svg.text("\(plan)", x: 24, y: 58, size: 12, fill: Self.quiet)
        for tick in lanes.ticks {
            svg.line(x1: x(tick), y1: Self.top - 8, x2: x(tick), y2: foot, stroke: "#e3e5ea")
            svg.text(PlanLanes.time(tick), x: x(tick), y: foot + 18, anchor: .middle, fill: Self.quiet)
        }
        let colours = Palette.colours(lanes.lanes)
        for (index, lane) in lanes.lanes.enumerated() {
            svg.text(
                lane, x: Self.left - 12, y: y(index) + Self.barHeight / 2 + 4, size: 14, anchor: .end, fill: Self.ink,
                bold: true)
            svg.line(
                x1: Self.left, y1: y(index) + Self.barHeight + 6, x2: Self.width - Self.right,
                y2: y(index) + Self.barHeight + 6, stroke: "#ccd")
        }
        for bar in lanes.bars {
            let span = max(1.5, x(bar.end) - x(bar.start))
            svg.rectangle(
                x: x(bar.start), y: y(bar.lane), width: max(1, span - 0.5), height: Self.barHeight,
                fill: colours[bar.device] ?? Self.quiet, radius: 3, title: bar.title)
            let count = "\(bar.nodes.reduce(0) { $0 + plan.nodes[$1].nodeCount })"
            if span > Double(count.count) * 8 + 8 {
                svg.text(
                    count, x: x(bar.start) + span / 2, y: y(bar.lane) + Self.barHeight / 2 + 4, anchor: .middle,
                    fill: "white", bold: true)
            }
        }
        addArrows(to: &svg)
        return svg.document
    }

    /// Arrows in the order of time; a label where the last one has left room.
    private func addArrows(to svg: inout SVG) {
        var free = [Double](repeating: -1, count: lanes.lanes.count + 1)
        for arrow in lanes.arrows.sorted(by: { $0.start < $1.start }) where arrow.from != arrow.to {
            let down = arrow.to > arrow.from
            let y1 = y(arrow.from) + (down ? Self.barHeight : 0)
            let y2 = y(arrow.to) + (down ? 0 : Self.barHeight)
            svg.line(x1: x(arrow.start), y1: y1, x2: x(arrow.end), y2: y2, stroke: Self.ink, width: 1.4, marker: "head")
            let gap = max(arrow.from, arrow.to)
            let length = Double(arrow.label.count) * 6
            var at = (x(arrow.start) + x(arrow.end)) / 2 + 6
            at = min(at, Self.width - Self.right - length)
            guard at > free[gap] else { continue }
            svg.text(arrow.label, x: at, y: (y1 + y2) / 2 + (down ? -2 : 10), size: 11, fill: Self.ink)
            free[gap] = at + length + 8
        }
    }
}
