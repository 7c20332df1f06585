import ArgumentParser
import Weft

/// `weft compare`: the first node where two providers disagree.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compares two providers node by node and names the first that departs.",
        discussion: """
            Every node runs by itself on both providers and is fed with what --against made of the nodes before it, so \
            that one wrong node does not spoil those after it. Nodes are not fused. If, Loop and Scan are compared as \
            a whole. Exit code 1 says that a node exceeds the tolerance.
            """)

    @Argument(help: "The model file.", completion: Completions.model)
    var model: String

    @Option(name: .long, help: "The provider in question.", completion: Completions.providers)
    var provider: String

    @Option(name: .long, help: "The provider that is taken to be right.", completion: Completions.providers)
    var against = "cpu"

    @OptionGroup var inputOptions: InputOptions

    @Option(name: .long, help: "Threads that kernels use together (default: physical cores).")
    var threads: Int?

    @OptionGroup var memory: MemoryOptions

    @Option(name: .long, help: "Difference allowed relative to the reference's number.")
    var rtol = 1e-3

    @Option(
        name: .long, help: "Difference allowed besides (default: 1e-5 of the greatest number that the output holds).")
    var atol: Double?

    @Option(
        name: .customLong("save-failing"),
        help: "A folder for the first node that departs, as an ONNX test that `weft test` runs.",
        completion: .directory)
    var saveFailing: String?

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    func validate() throws {
        for tolerance in [rtol, atol ?? 0] where !(tolerance >= 0) {
            throw ValidationError("a tolerance should be 0 or more, is \(tolerance)")
        }
        for name in [provider, against] where name.contains(",") {
            throw ValidationError("'\(name)' is a list; compare takes one provider and --against one")
        }
    }

    func run() throws {
        try Console.run {
            for name in [provider, against] { try Session.check([.named(name)]) }
            var options = SessionOptions()
            options.threads = threads
            options.deviceMemory = memory.deviceMemory
            options.placement = .preference
            options.plansAtLoad = false
            let session = try Progress.during("loading \(model)") { _ throws(WeftError) in
                try Session(loading: model, providers: [.named(against)], options: options)
            }
            let (inputs, random) = try inputOptions.values(for: session)
            let nodes = try compare(session, inputs)
            let first = nodes.first(where: \.departs)
            let report = CompareReport(
                model: model, provider: provider, against: against, rtol: rtol, atol: atol, randomInputs: random,
                first: first?.name, saved: first == nil ? nil : saveFailing, nodes: nodes)
            if json { try Console.print(json: report) } else { Console.print(report.text) }
            if first != nil { throw ExitCode(1) }
        }
    }

    /// Compares all nodes; the first that departs is written while its values are there.
    private func compare(_ session: Session, _ inputs: [String: Value]) throws(WeftError) -> [CompareReport.Node] {
        let progress = Progress("comparing", total: session.comparedNodeCount)
        defer { progress.finish() }
        var nodes: [CompareReport.Node] = []
        var hasDeparted = false
        try session.compare(
            with: .named(provider), inputs, relative: rtol, absolute: atol
        ) { comparison throws(WeftError) in
            if comparison.departs, !hasDeparted {
                hasDeparted = true
                if let saveFailing { try comparison.write(testFolder: saveFailing) }
            }
            nodes.append(CompareReport.Node(comparison))
            progress.advance("comparing \(comparison.name)")
        }
        return nodes
    }
}
