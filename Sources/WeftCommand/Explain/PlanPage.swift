import Weft

/// A plan as one HTML page that needs nothing from outside: its course in lanes, what it costs, and every node.
struct PlanPage {
    private let plan: PlanExplanation
    private let lanes: PlanLanes
    private let title: String
    private let remarks: [String]

    init(_ plan: PlanExplanation, title: String, remarks: [String]) {
        self.plan = plan
        self.title = title
        self.remarks = remarks
        lanes = PlanLanes(plan)
    }

    private static func escaped(_ text: String) -> String { SVG.escaped(text) }

    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
        script-src 'unsafe-inline'; img-src data:">
        <link rel="icon" href="data:,">
        <title>\(Self.escaped(title)): plan</title>
        <style>\(PlanPageAssets.style)</style>
        </head>
        <body>
        <h1>\(Self.escaped(title))</h1>
        <p class="quiet">\(([plan.description] + remarks).map(Self.escaped).joined(separator: "<br>"))</p>
        \(comparison)
        <h2>Course of a run, as predicted</h2>
        <p class="controls"><label>zoom <input id="zoom" type="range" min="1" max="40" value="1"></label>
        <span class="quiet">a bar is work of one device without a break; a click shows its nodes below</span></p>
        \(course)
        \(counterfactuals)
        \(declines)
        <h2>Nodes</h2>
        <p class="controls"><input id="search" type="search" placeholder="name, operator, device, reason" size="40">
        <button id="all" type="button">all</button> <span id="count" class="quiet"></span></p>
        \(nodes)
        <script>\(PlanPageAssets.script)</script>
        </body>
        </html>

        """
    }

    // MARK: What it costs

    private var comparison: String {
        guard let comparison = plan.comparison else { return "" }
        let rows: [(String, Double?, String)] = [
            ("chosen", comparison.chosen, "this plan"),
            ("host only", comparison.hostOnly, "nothing leaves the host"),
            ("device first", comparison.deviceFirst, "whatever the first device with memory of its own can run"),
            ("greedy", comparison.greedy, "every node on the first of the list that runs it"),
            ("lower bound", comparison.lowerBound, "no plan can take less"),
        ]
        let most = rows.compactMap(\.1).max() ?? 1
        let cells = rows.map { name, seconds, meaning in
            guard let seconds else {
                return "<tr><th>\(name)</th><td class=\"number\">none</td><td></td><td>\(meaning)</td></tr>"
            }
            let share = Figures.decimal(seconds / max(most, 1e-12) * 100, places: 2)
            let ratio = comparison.chosen > 0 ? BenchResult.ratio(seconds / comparison.chosen) : ""
            return "<tr><th>\(name)</th><td class=\"number\">\(PlanLanes.time(seconds))</td>"
                + "<td class=\"number\">\(ratio)</td><td class=\"wide\"><span class=\"gauge\" "
                + "style=\"width:\(share)%\"></span>\(meaning)</td></tr>"
        }
        let rates = plan.rateSources.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return "<h2>What it costs</h2>\n<table class=\"costs\">\(cells.joined())</table>\n"
            + "<p class=\"quiet\">prices rest on rates: \(Self.escaped(rates.joined(separator: ", ")))</p>"
            + MemoryLines.all(plan).map { "\n<p class=\"quiet memory\">\(Self.escaped($0))</p>" }.joined()
    }

    private var counterfactuals: String {
        guard let found = plan.counterfactuals, !found.isEmpty else { return "" }
        let rows = found.map { item in
            "<tr><td>\(Self.escaped(item.opType))</td><td>\(Self.escaped(item.device))</td>"
                + "<td class=\"number\">\(item.nodes)</td><td class=\"number\">\(PlanLanes.time(item.saving))</td>"
                + "<td class=\"number\">\(PlanLanes.time(item.seconds))</td>"
                + "<td>\(Self.escaped(item.declines.joined(separator: "; ")))</td></tr>"
        }
        return "<h2>What would save most</h2>\n<p class=\"quiet\">if a device had one operator more</p>\n"
            + "<table id=\"counterfactuals\"><thead><tr><th>operator</th><th>device</th><th>nodes</th><th>saving</th>"
            + "<th>plan</th><th>why it is declined</th></tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table>"
    }

    private var declines: String {
        let found = DeclineSummary.all(in: plan)
        guard !found.isEmpty else { return "" }
        let rows = found.map { item in
            "<tr><td>\(Self.escaped(item.device))</td><td>\(Self.escaped(item.opType))</td>"
                + "<td class=\"number\">\(item.nodes)</td>"
                + "<td class=\"number\">\(PlanLanes.time(item.secondsElsewhere))</td>"
                + "<td>\(Self.escaped(item.reason))</td></tr>"
        }
        return "<details><summary>What devices decline</summary>\n<table><thead><tr><th>device</th><th>operator</th>"
            + "<th>nodes</th><th>takes elsewhere</th><th>reason</th></tr></thead><tbody>"
            + "\(rows.joined(separator: "\n"))</tbody></table></details>"
    }

    // MARK: Its course

    private static let pitch = 92.0
    private static let barHeight = 36.0

    private func percent(_ seconds: Double) -> String { Figures.decimal(seconds / lanes.seconds * 100, places: 4) }

    private var course: String {
        let colours = Palette.colours(lanes.lanes)
        let height = Double(lanes.lanes.count) * Self.pitch
        func top(_ lane: Int) -> Double { Double(lane) * Self.pitch + 28 }
        var parts: [String] = []
        for tick in lanes.ticks {
            parts.append(
                "<div class=\"tick\(tick > 0.93 * lanes.seconds ? " late" : "")\" style=\"left:\(percent(tick))%\"><span>\(PlanLanes.time(tick))</span></div>"
            )
        }
        for (index, lane) in lanes.lanes.enumerated() {
            parts.append(
                "<div class=\"lane\" data-device=\"\(Self.escaped(lane))\" "
                    + "style=\"top:\(SVG.number(top(index)))px\"></div>")
        }
        for (index, bar) in lanes.bars.enumerated() {
            parts.append(
                "<button type=\"button\" class=\"bar\" data-segment=\"\(index)\" title=\"\(Self.escaped(bar.title))\" "
                    + "style=\"left:\(percent(bar.start))%;width:\(percent(bar.end - bar.start))%;"
                    + "top:\(SVG.number(top(bar.lane)))px;background:\(colours[bar.device] ?? "#889")\">"
                    + "\(bar.nodes.reduce(0) { $0 + plan.nodes[$1].nodeCount })</button>")
        }
        var arrows: [String] = []
        for arrow in lanes.arrows where arrow.from != arrow.to {
            let down = arrow.to > arrow.from
            let y1 = top(arrow.from) + (down ? Self.barHeight : 0)
            let y2 = top(arrow.to) + (down ? 0 : Self.barHeight)
            arrows.append(
                "<line class=\"arrow\" x1=\"\(percent(arrow.start))%\" y1=\"\(SVG.number(y1))\" "
                    + "x2=\"\(percent(arrow.end))%\" y2=\"\(SVG.number(y2))\" marker-end=\"url(#head)\">"
                    + "<title>\(Self.escaped(arrow.title))</title></line>")
            let middle = (arrow.start + arrow.end) / 2
            parts.append(
                "<span class=\"carried\(middle > 0.88 * lanes.seconds ? " late" : "")\" title=\"\(Self.escaped(arrow.title))\" "
                    + "style=\"left:\(percent(middle))%;"
                    + "top:\(SVG.number((y1 + y2) / 2 + (down ? -14 : 0)))px\">\(Self.escaped(arrow.label))</span>")
        }
        parts.append(
            "<svg class=\"arrows\" height=\"\(SVG.number(height))\"><defs><marker id=\"head\" viewBox=\"0 0 8 8\" "
                + "refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\"/>"
                + "</marker></defs>\(arrows.joined())</svg>")
        let names = lanes.lanes.enumerated().map { index, lane in
            "<div style=\"top:\(SVG.number(top(index) + 8))px\"><i style=\"background:\(colours[lane] ?? "#889")\"></i>"
                + "\(Self.escaped(lane))</div>"
        }
        return
            "<div class=\"course\"><div class=\"names\" style=\"height:\(SVG.number(height + 24))px\">\(names.joined())</div>"
            + "<div class=\"scroll\"><div id=\"track\" style=\"height:\(SVG.number(height + 24))px\">"
            + parts.joined(separator: "\n") + "</div></div></div>"
    }

    // MARK: Its nodes

    /// What devices offer for a node and for those of its bodies.
    private static func offers(_ node: PlanExplanation.Node) -> [PlanExplanation.Offer] {
        node.offers + (node.bodies ?? []).flatMap { $0.nodes.flatMap(offers) }
    }

    private var nodes: String {
        var devices: [String] = []
        for offer in plan.nodes.flatMap(Self.offers) where !devices.contains(offer.device) {
            devices.append(offer.device)
        }
        var segmentOf: [Int: Int] = [:]
        for (index, segment) in plan.timeline.segments.enumerated() {
            for node in segment.nodes { segmentOf[node] = index }
        }
        let colours = Palette.colours(lanes.lanes)
        func row(_ node: PlanExplanation.Node, number: String, segment: Int?, depth: Int) -> String {
            let offers = devices.map { device -> String in
                guard let offer = node.offers.first(where: { $0.device == device }) else { return "<td></td>" }
                guard let seconds = offer.seconds else {
                    return "<td class=\"declined\">\(Self.escaped(offer.decline ?? "declines"))</td>"
                }
                let mark = device == node.device ? " chosen" : ""
                return "<td class=\"number\(mark)\" data-value=\"\(seconds)\">\(PlanLanes.time(seconds))</td>"
            }
            let note = node.fusedInto.map { "; fused into \($0)" } ?? ""
            let name = String(repeating: "↳ ", count: depth) + (node.name.isEmpty ? "(unnamed)" : node.name)
            let seconds = node.device == "engine" ? node.bodySeconds : node.seconds
            return "<tr data-segment=\"\(segment ?? -1)\"><td class=\"number\">\(number)</td>"
                + "<td class=\"name\">\(Self.escaped(name))</td>"
                + "<td>\(Self.escaped(node.opType))</td>"
                + "<td><i style=\"background:\(colours[node.device] ?? "#889")\"></i>\(Self.escaped(node.device))</td>"
                + "<td class=\"number\">\(segment.map { "\($0 + 1)" } ?? "")</td>"
                + "<td class=\"number\" data-value=\"\(seconds ?? 0)\">\(seconds.map { PlanLanes.time($0) } ?? "")</td>"
                + "<td>\(Self.escaped(node.variant))</td>\(offers.joined())"
                + "<td>\(Self.escaped(node.reason + note))</td></tr>"
        }
        func rows(_ node: PlanExplanation.Node, _ number: String, _ segment: Int?, _ depth: Int) -> [String] {
            var found = [row(node, number: number, segment: segment, depth: depth)]
            for body in node.bodies ?? [] {
                for (index, inner) in body.nodes.enumerated() {
                    found += rows(inner, "\(number).\(body.name).\(index + 1)", segment, depth + 1)
                }
            }
            return found
        }
        let rows = plan.nodes.enumerated().flatMap { rows($1, "\($0 + 1)", segmentOf[$0], 0) }
        let heads = ["#", "node", "operator", "runs on", "bar", "takes", "variant"] + devices + ["why"]
        return "<table id=\"nodes\"><thead><tr>\(heads.map { "<th>\(Self.escaped($0))</th>" }.joined())</tr></thead>"
            + "<tbody>\n\(rows.joined(separator: "\n"))\n</tbody></table>"
    }
}
