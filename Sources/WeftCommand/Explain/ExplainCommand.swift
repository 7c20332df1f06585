import ArgumentParser
import Weft

/// `weft explain`: the plan, node by node, and why it is that one.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Shows the plan for a model: where each node runs, what it costs, and why.")

    @Argument(help: "The model file.", completion: Completions.model)
    var model: String?

    @OptionGroup var providerOptions: ProviderOptions
    @OptionGroup var inputOptions: InputOptions

    @Option(name: .long, help: "Write the plan as a Graphviz file.", completion: .file(extensions: ["dot"]))
    var dot: String?

    @Option(name: .long, help: "Draw the plan's course as an SVG file.", completion: .file(extensions: ["svg"]))
    var svg: String?

    @Option(
        name: .long, help: "Write the plan as one HTML page that needs nothing from outside.",
        completion: .file(extensions: ["html"]))
    var html: String?

    @Option(
        name: .long, help: "Tell of the nodes of this name alone (* allowed): where they run, why, what else costs.")
    var node: String?

    @Option(name: .customLong("save-plan"), help: "Write the plan to a file that --plan takes.")
    var savePlan: String?

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Two plan files, in place of a model: what changed from the first to the second.")
    var diff: [String] = []

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    func validate() throws {
        if diff.isEmpty {
            guard model != nil else {
                throw ValidationError("explain needs a model file, or --diff with two plan files")
            }
        } else {
            guard diff.count == 2, model == nil else {
                throw ValidationError("--diff takes two plan files and no model")
            }
        }
    }

    private struct Report: Encodable {
        let model: String
        let randomInputs: [String]
        let plan: PlanExplanation
        let transferBytes: Int
        let declines: [DeclineSummary]
    }

    private struct NodeReport: Encodable {
        let model: String
        let nodes: [NodeAnswer]
    }

    func run() throws {
        try Console.run {
            guard let model else { return try PlanDiff.print(diff[0], diff[1], json: json) }
            let loaded = try LoadedModel(model, providerOptions, inputOptions)
            if let savePlan { try loaded.session.planFile(for: loaded.inputs).write(to: savePlan) }
            let plan = try Progress.during("asking what missing operators cost") { _ throws(WeftError) in
                try loaded.session.explain(loaded.inputs, counterfactuals: true)
            }
            let title = BenchModel.name(of: model)
            if let dot { try TextFile.write(PlanGraphviz.text(plan), to: dot) }
            if let svg { try TextFile.write(PlanDrawing(plan, title: title).svg, to: svg) }
            if let html {
                try TextFile.write(PlanPage(plan, title: title, remarks: loaded.remarks).html, to: html)
            }
            if let node {
                let answers = try NodeAnswer.all(node, in: plan)
                if json { return try Console.print(json: NodeReport(model: model, nodes: answers)) }
                return Console.print(answers.map(\.text).joined(separator: "\n"))
            }
            if json {
                try Console.print(
                    json: Report(
                        model: model, randomInputs: loaded.random, plan: plan,
                        transferBytes: plan.transferBytes, declines: DeclineSummary.all(in: plan)))
                return
            }
            for remark in loaded.remarks { Console.print(remark) }
            Console.print(Self.text(plan))
        }
    }

    private static func text(_ plan: PlanExplanation) -> String {
        var parts = ["placement: \(plan)"]
        var prediction = "predicted: \(Figures.milliseconds(plan.predictedSeconds))"
        if let rivals = plan.comparison {
            if let host = rivals.hostOnly { prediction += "; host only \(Figures.milliseconds(host))" }
            prediction += "; device first \(Figures.milliseconds(rivals.deviceFirst))"
            prediction += "; greedy \(Figures.milliseconds(rivals.greedy))"
            prediction += "; at least \(Figures.milliseconds(rivals.lowerBound))"
        }
        if plan.foldedNodes > 0 {
            prediction += "; \(Figures.count(plan.foldedNodes, "node")) computed or rewritten before anything runs"
        }
        parts.append(prediction)
        parts.append(sources(plan))
        parts.append("\nrates of devices, for what was not measured itself:")
        parts.append(Figures.table(plan.rates.map { row($0) }))
        if !plan.isCalibrated {
            parts.append("hint: nominal rates are guesses by class of device; `weft calibrate` measures this machine's")
        }
        parts += MemoryLines.all(plan)
        parts.append("\nsegments, in order:")
        parts.append(
            Figures.table(
                plan.segments.enumerated().map { index, segment in
                    let ends = [segment.nodes.first, segment.nodes.count > 1 ? segment.nodes.last : nil]
                    return [
                        "\(index + 1)", segment.device, Figures.count(segment.nodes.count, "node"),
                        Figures.milliseconds(segment.seconds), ends.compactMap(\.self).joined(separator: " … "),
                    ]
                }))
        if !plan.transfers.isEmpty {
            parts.append("\ntransfers:")
            parts.append(
                Figures.table(
                    plan.transfers.map {
                        [
                            $0.value, "\($0.from) -> \($0.to)", Figures.bytes($0.bytes),
                            price($0.seconds, $0.spread, $0.samples, $0.source),
                        ]
                    }))
        }
        if let found = plan.counterfactuals, !found.isEmpty {
            parts.append("\nwhat the plan would save if a device had one operator more:")
            parts.append(
                Figures.table(
                    found.prefix(8).map {
                        [
                            $0.device, $0.opType, Figures.count($0.nodes, "node"), Figures.milliseconds($0.saving),
                            $0.declines.joined(separator: "; "),
                        ]
                    }))
        }
        let declines = DeclineSummary.all(in: plan)
        if !declines.isEmpty {
            parts.append("\nwhat devices decline, by the time that it takes elsewhere:")
            parts.append(
                Figures.table(
                    declines.map {
                        [
                            $0.device, $0.opType, Figures.count($0.nodes, "node"),
                            Figures.milliseconds($0.secondsElsewhere),
                            $0.reason,
                        ]
                    }))
        }
        parts.append("\nnodes:")
        parts.append(Figures.table(plan.nodes.flatMap { rows($0) }))
        return parts.joined(separator: "\n")
    }

    /// Of how many nodes, and of what part of the predicted time, prices are known in which way.
    private static func sources(_ plan: PlanExplanation) -> String {
        var sums: [String: (nodes: Int, seconds: Double)] = [:]
        for node in plan.nodes where node.device != "engine" {
            let sum = sums[node.source] ?? (0, 0)
            sums[node.source] = (sum.nodes + node.nodeCount, sum.seconds + node.seconds)
        }
        let total = sums.values.reduce(0) { $0 + $1.seconds }
        let parts = [
            ("tuned", "measured in this model's runs"), ("calibrated", "work over this machine's rates"),
            ("nominal", "work over rates of the class of device"),
        ].compactMap { source, meaning in
            sums[source].map { sum in
                let share = total > 0 ? " (\(Figures.percent(sum.seconds / total)) of the time)" : ""
                return "\(Figures.count(sum.nodes, "node")) \(source)\(share), \(meaning)"
            }
        }
        return "prices: " + (parts.isEmpty ? "none" : parts.joined(separator: "; "))
    }

    private static func row(_ rates: PlanExplanation.Rates) -> [String] {
        [
            rates.device, "memory \(Figures.scaled(rates.memoryBytesPerSecond))B/s",
            "launch \(Figures.number(rates.launchSeconds * 1e6)) us",
            "segment \(Figures.number(rates.segmentSeconds * 1e6)) us \(rates.segmentSource)", rates.source,
        ]
    }

    /// A price, how far it may be off, and how it is known.
    private static func price(_ seconds: Double, _ spread: Double?, _ samples: Int?, _ source: String?) -> String {
        [Figures.milliseconds(seconds), Figures.certainty(spread, samples), source ?? ""].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    /// A node's line, and under it those of its bodies.
    private static func rows(_ node: PlanExplanation.Node, indent: String = "") -> [[String]] {
        var lines = [row(node, indent: indent)]
        for body in node.bodies ?? [] {
            lines.append([
                "\(indent)  \(body.name)", trips(body), "", "", "", body.tripsReason,
            ])
            lines += body.nodes.flatMap { rows($0, indent: indent + "    ") }
        }
        return lines
    }

    private static func trips(_ body: PlanExplanation.Body) -> String {
        "\(Figures.number(body.trips)) \(body.trips == 1 ? "trip" : "trips")"
    }

    private static func row(_ node: PlanExplanation.Node, indent: String) -> [String] {
        let elsewhere = node.offers.filter { $0.device != node.device }.map { offer in
            offer.seconds.map { "\(offer.device) \(price($0, offer.spread, offer.samples, offer.source))" }
                ?? "\(offer.device) declines"
        }
        var notes = [node.reason]
        if let fused = node.fusedInto { notes.append("fused into \(fused)") }
        if !elsewhere.isEmpty { notes.append("elsewhere: \(elsewhere.joined(separator: ", "))") }
        return [
            indent + (node.name.isEmpty ? "(unnamed)" : node.name), node.opType, node.device,
            node.device == "engine"
                ? node.bodySeconds.map { Figures.milliseconds($0) } ?? ""
                : price(node.seconds, node.spread, node.samples, node.source), node.variant,
            notes.joined(separator: "; "),
        ]
    }
}

/// Nodes of one operator that a device declines for one reason.
struct DeclineSummary: Encodable {
    let device: String
    let opType: String
    let reason: String
    let nodes: Int
    /// What they take where they run: the most that the device could save by having them.
    let secondsElsewhere: Double

    /// All of a plan, the costliest first.
    static func all(in plan: PlanExplanation) -> [DeclineSummary] {
        struct Key: Hashable { let device, opType, reason: String }
        var sums: [Key: (nodes: Int, seconds: Double)] = [:]
        for node in plan.nodes {
            for offer in node.offers {
                guard let reason = offer.decline else { continue }
                let key = Key(device: offer.device, opType: node.opType, reason: reason)
                let sum = sums[key] ?? (0, 0)
                sums[key] = (sum.nodes + node.nodeCount, sum.seconds + node.seconds)
            }
        }
        return sums.map { key, sum in
            DeclineSummary(
                device: key.device, opType: key.opType, reason: key.reason, nodes: sum.nodes,
                secondsElsewhere: sum.seconds)
        }.sorted {
            ($1.secondsElsewhere, $0.device, $0.opType, $0.reason) < (
                $0.secondsElsewhere, $1.device, $1.opType, $1.reason
            )
        }
    }
}
