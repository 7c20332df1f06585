/// Bars of the plans' median times, a group for each model.
struct BenchPlot {
    private let models: [BenchResult]
    private let plans: [String]
    private let report: BenchReport

    init(_ report: BenchReport) {
        self.report = report
        models = report.models.filter { $0.plans.contains { $0.medianMs != nil } }
        plans = report.planNames
    }

    private static let ink = "#222"
    private static let quiet = "#667"

    var svg: String {
        let barWidth = models.count * plans.count > 24 ? 22.0 : models.count > 2 ? 34.0 : 56.0
        let gap = barWidth * 0.9
        let groupWidth = Double(plans.count) * barWidth
        let left = 76.0
        let right = 28.0
        let wanted = left + right + Double(max(models.count, 1)) * (groupWidth + gap) + gap
        let width = max(760, wanted)
        // Few groups stand in the middle of what is left.
        let slack = (width - wanted) / 2
        let top = 128.0
        let longest = models.map(\.model.count).max() ?? 0
        let namesTurned = Double(longest) * 7.2 > groupWidth + gap * 0.8
        let bottom = namesTurned ? 30 + Double(longest) * 6.8 : 54
        let plotHeight = 330.0
        let height = top + plotHeight + bottom
        var svg = SVG(width: width, height: height)
        let foot = top + plotHeight
        let rows = models.flatMap(\.plans)
        let scale = Scale(rows.flatMap { [$0.medianMs, $0.p90Ms].compactMap(\.self) }.filter { $0 > 0 })
        heading(&svg, left: left, width: width, logarithmic: scale.isLogarithmic)
        for tick in scale.ticks {
            let y = foot - scale.share(tick) * plotHeight
            svg.line(x1: left, y1: y, x2: width - right, y2: y, stroke: "#e3e5ea")
            svg.text(Self.label(tick), x: left - 10, y: y + 4, anchor: .end, fill: Self.quiet)
        }
        svg.text("milliseconds a run", x: 22, y: top + plotHeight / 2, anchor: .middle, fill: Self.quiet, turned: true)
        let colours = Palette.colours(plans)
        let narrow = barWidth < 40
        for (group, model) in models.enumerated() {
            let start = left + slack + gap + Double(group) * (groupWidth + gap)
            for row in model.plans {
                guard let median = row.medianMs, median > 0, let place = plans.firstIndex(of: row.plan) else {
                    continue
                }
                let x = start + Double(place) * barWidth
                let barHeight = max(1, scale.share(median) * plotHeight)
                let detail = row.ratioToCpu.map { ", \(BenchResult.ratio($0)) cpu" } ?? ""
                svg.rectangle(
                    x: x + 1.5, y: foot - barHeight, width: barWidth - 3, height: barHeight,
                    fill: colours[row.plan] ?? Self.quiet, radius: 2,
                    title: "\(model.model), \(row.plan): \(Figures.number(median)) ms\(detail)")
                var high = foot - barHeight
                if let p90 = row.p90Ms, p90 > median {
                    let middle = x + barWidth / 2
                    high = foot - scale.share(p90) * plotHeight
                    svg.line(x1: middle, y1: foot - barHeight, x2: middle, y2: high, stroke: Self.ink)
                    svg.line(x1: middle - 4, y1: high, x2: middle + 4, y2: high, stroke: Self.ink)
                }
                svg.text(
                    Self.label(median), x: narrow ? x + barWidth / 2 + 4 : x + barWidth / 2, y: high - 6,
                    size: narrow ? 11 : 13, anchor: narrow ? .start : .middle, fill: Self.ink, bold: true,
                    turned: narrow)
            }
            let middle = start + groupWidth / 2
            if namesTurned {
                svg.text(model.model, x: middle + 4, y: foot + 12, size: 13, anchor: .end, fill: Self.ink, turned: true)
            } else {
                svg.text(model.model, x: middle, y: foot + 24, size: 14, anchor: .middle, fill: Self.ink)
            }
        }
        svg.line(x1: left, y1: foot, x2: width - right, y2: foot, stroke: Self.ink, width: 1.5)
        return svg.document
    }

    private func heading(_ svg: inout SVG, left: Double, width: Double, logarithmic: Bool) {
        svg.text(
            models.count == 1 ? "\(models[0].model): time of a run by plan" : "Time of a run by plan", x: 24, y: 38,
            size: 22, fill: Self.ink, bold: true)
        let threads = Set(models.map(\.threads)).sorted().map(String.init).joined(separator: " and ")
        svg.text(
            "median, whiskers to the 90th percentile; less is better; \(threads) thread\(threads == "1" ? "" : "s")"
                + (logarithmic ? "; logarithmic scale" : ""), x: 24, y: 60, size: 13, fill: Self.quiet)
        var x = 24.0
        let colours = Palette.colours(plans)
        for plan in plans {
            var label = plan
            if plan != BenchPlan.baseline, let mean = report.geometricMeans[plan] {
                label += ": \(BenchResult.ratio(mean)) cpu"
            }
            svg.rectangle(x: x, y: 78, width: 14, height: 14, fill: colours[plan] ?? Self.quiet, radius: 2)
            svg.text(label, x: x + 20, y: 90, size: 13, fill: Self.ink)
            x += 20 + Double(label.count) * 7.4 + 22
        }
    }

    /// A number of milliseconds without the zeros that say nothing.
    private static func label(_ value: Double) -> String {
        if value == 0 { return "0" }
        if value >= 1000 { return Figures.decimal(value, places: 0) }
        let text = Figures.decimal(value, places: value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3)
        guard text.contains(".") else { return text }
        return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }
}
