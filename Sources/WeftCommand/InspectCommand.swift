import ArgumentParser
import Weft

/// `weft inspect`: what a model is, and what each provider says about its nodes.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows a model's inputs, outputs, operators, work and support by provider.")

    @Argument(help: "The model file.", completion: Completions.model)
    var model: String

    @OptionGroup var providerOptions: ProviderOptions
    @OptionGroup var inputOptions: InputOptions

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    private struct Port: Encodable {
        let name: String
        let type: String?
        let dimensions: [String]?

        init(_ description: ValueDescription) {
            name = description.name
            type = description.type.map { type in type.elementType.map { "\($0)" } ?? "\(type)" }
            dimensions = description.dimensions?.map(\.description)
        }
    }

    private struct Report: Encodable {
        let model: String
        let irVersion: Int
        let producer: String
        let opsets: [String: Int]
        let metadata: [String: String]
        let inputs: [Port]
        let outputs: [Port]
        let nodes: Int
        let operators: [String: Int]
        let parameters: Int
        /// Nil where shapes are not known.
        let flops: Double?
        /// Why the figures that depend on shapes are missing, or do not cover all of the model.
        let unknown: String?
        let support: [DeviceSupport]
    }

    func run() throws {
        try Console.run {
            var options = try providerOptions.sessionOptions()
            options.shapes = try inputOptions.shapes()
            options.plansAtLoad = false
            let session = try Session(loading: model, providers: providerOptions.providers, options: options)
            var survey: ModelSurvey?
            var unknown: String?
            do throws(WeftError) {
                survey = try session.survey(inputOptions.values(for: session).values)
                if survey?.isComplete == false {
                    unknown = "bodies of control flow and nodes behind values that only a run knows are not counted"
                }
            } catch {
                // Wrong files and names are errors; what the model leaves open is only not known.
                if !inputOptions.input.isEmpty || inputOptions.testData != nil { throw error }
                unknown = [error.description, error.hint].compactMap(\.self).joined(separator: "; ")
            }
            let facts = session.information
            let report = Report(
                model: model, irVersion: facts.irVersion, producer: facts.producer, opsets: facts.opsets,
                metadata: session.metadata, inputs: session.inputs.map(Port.init),
                outputs: session.outputs.map(Port.init), nodes: facts.nodeCount, operators: facts.operatorCounts,
                parameters: facts.parameterCount, flops: survey?.flops, unknown: unknown,
                support: survey.map(DeviceSupport.all) ?? [])
            if json { return try Console.print(json: report) }
            print(report, session)
        }
    }

    private func print(_ report: Report, _ session: Session) {
        let opsets = report.opsets.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let producer = report.producer.isEmpty ? "" : ", by \(report.producer)"
        Console.print("\(model): IR version \(report.irVersion), opsets \(opsets.joined(separator: ", "))\(producer)")
        for (title, ports) in [("inputs", session.inputs), ("outputs", session.outputs)] {
            Console.print("\(title):")
            for port in ports { Console.print("  \(port)") }
        }
        if !report.metadata.isEmpty {
            Console.print("metadata:")
            for (key, value) in report.metadata.sorted(by: { $0.key < $1.key }) {
                let line = value.split(whereSeparator: \.isNewline).joined(separator: " ")
                Console.print("  \(key): \(line.count > 80 ? line.prefix(79) + "…" : line)")
            }
        }
        Console.print("nodes: \(report.nodes)")
        Console.print(
            Figures.table(
                report.operators.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ["\($0.value)", $0.key] }))
        Console.print("parameters: \(report.parameters)")
        Console.print("work: " + (report.flops.map { "\(Figures.scaled($0))FLOPs a run" } ?? "not known"))
        if let unknown = report.unknown { Console.print("  \(unknown)") }
        guard !report.support.isEmpty else { return }
        Console.print("support:")
        for device in report.support {
            Console.print(
                "  \(device.device): \(device.supported) of \(Figures.count(device.nodes, "node")), "
                    + "\(Figures.percent(device.flopsShare)) of FLOPs")
            for decline in device.declines {
                Console.print("    not \(decline.opType) (\(Figures.count(decline.nodes, "node"))): \(decline.reason)")
            }
        }
    }
}

/// How much of a model a device would run, and what it declines.
private struct DeviceSupport: Encodable {
    struct Decline: Encodable {
        let opType: String
        let reason: String
        let nodes: Int
    }
    let device: String
    let supported: Int
    /// Nodes that are left after folding, those of the engine not counted.
    let nodes: Int
    let flopsShare: Double
    let declines: [Decline]

    static func all(_ survey: ModelSurvey) -> [DeviceSupport] {
        let asked = survey.nodes.filter { $0.engineReason == nil }
        let devices = asked.first?.offers.map(\.device) ?? []
        return devices.enumerated().map { index, device in
            struct Key: Hashable { let opType, reason: String }
            var declines: [Key: Int] = [:]
            var flops = 0.0
            var supported = 0
            for node in asked {
                if let reason = node.offers[index].decline {
                    declines[Key(opType: node.opType, reason: reason), default: 0] += node.nodeCount
                } else {
                    supported += node.nodeCount
                    flops += node.flops
                }
            }
            return DeviceSupport(
                device: device, supported: supported, nodes: asked.reduce(0) { $0 + $1.nodeCount },
                flopsShare: survey.flops > 0 ? flops / survey.flops : 0,
                declines: declines.sorted { a, b in
                    (b.value, a.key.opType, a.key.reason) < (a.value, b.key.opType, b.key.reason)
                }.map { Decline(opType: $0.key.opType, reason: $0.key.reason, nodes: $0.value) })
        }
    }
}
