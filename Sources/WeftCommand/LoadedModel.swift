import Weft

/// A session with its inputs and the plan for them: what most commands begin with.
struct LoadedModel {
    let session: Session
    let inputs: [String: Value]
    /// Inputs that were filled with random numbers.
    let random: [String]
    let plan: PlanExplanation
    /// From the file to the finished plan, in seconds.
    let loadSeconds: Double

    init(_ path: String, _ providers: ProviderOptions, _ input: InputOptions) throws(WeftError) {
        var options = try providers.sessionOptions()
        options.shapes = try input.shapes()
        let progress = Progress("loading \(path)")
        defer { progress.finish() }
        let start = Stopwatch()
        session = try Session(loading: path, providers: providers.providers, options: options)
        let loaded = start.seconds
        (inputs, random) = try input.values(for: session)
        progress.rename("planning \(path)")
        let planning = Stopwatch()
        plan = try session.explain(inputs)
        loadSeconds = loaded + planning.seconds
    }

    /// A line for each input that nobody gave.
    var remarks: [String] {
        random.map { name in
            let type = inputs[name].map { " (\($0.type))" } ?? ""
            return "input '\(name)'\(type) was not given: filled with seeded random numbers"
        }
    }
}
