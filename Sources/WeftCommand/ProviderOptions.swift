import ArgumentParser
import Weft

/// Options of every command that loads a model.
struct ProviderOptions: ParsableArguments {
    @Option(
        name: .long, help: "Providers in order of preference, separated by commas (default: all that are here).",
        completion: Completions.providers)
    var provider: String?

    @Option(
        name: .long,
        help: "cost: prices decide, earlier names win ties. preference: the first name that can run a node gets it.")
    var placement: Placement?

    enum Placement: String, ExpressibleByArgument, CaseIterable { case cost, preference }

    @Flag(name: .long, help: "Only the named providers may run nodes; else an error lists nodes and reasons.")
    var strict = false

    @Option(name: .long, help: "Threads that kernels use together (default: physical cores).")
    var threads: Int?

    @OptionGroup var memory: MemoryOptions

    @Option(
        name: .long, help: "Node name pattern and the provider that must run it, as PATTERN=PROVIDER; repeatable.",
        completion: Completions.pin)
    var pin: [String] = []

    @Option(name: .long, help: "A plan file to follow, as `weft explain --save-plan` and `weft tune --save` write.")
    var plan: String?

    /// The list; empty stands for everything that is here.
    var providers: [ProviderChoice] {
        provider.map { $0.split(separator: ",").map { .named($0.trimmingSpaces) } } ?? []
    }

    func sessionOptions() throws(WeftError) -> SessionOptions {
        var options = SessionOptions()
        options.threads = threads
        options.deviceMemory = memory.deviceMemory
        options.placement = placement.map { $0 == .cost ? .cost : .preference }
        options.strict = strict
        if let plan { options.plan = try PlanFile(contentsOf: plan) }
        for text in pin {
            guard let equals = text.lastIndex(of: "="), equals != text.startIndex else {
                throw WeftError(.invalidOption, "'\(text)' is no PATTERN=PROVIDER", hint: "as in --pin '/head/*=cpu'")
            }
            options.pins.append(
                PlacementPin(String(text[..<equals]), provider: String(text[text.index(after: equals)...])))
        }
        return options
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
