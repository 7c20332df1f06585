import WeftPlanning
public import WeftProvider
import WeftRuntime

extension Session {
    /// The plan for inputs like these, to be kept; made if there is none yet.
    public func planFile(for inputs: [String: Value]) throws(WeftError) -> PlanFile {
        let values = try ordered(inputs)
        let tuned = options.plan?.document.tuned ?? TunedPrices()
        do {
            return PlanFile(try complete(try engine.document(for: values, tuned: tuned), values))
        } catch {
            throw error.at(file: file)
        }
    }

    /// Measures the model's nodes where they may run, races whole plans, and keeps the quickest for the session's runs.
    ///
    /// Takes about `seconds`, more where single runs are long. By cost, and where a plan on the host alone exists,
    /// what is kept is that plan unless another is quicker beyond doubt. `progress` is told what goes on. Throws what
    /// planning and running throw.
    public func tune(
        _ inputs: [String: Value], seconds: Double = 30, progress: @escaping (String) -> Void = { _ in }
    ) throws(WeftError) -> (report: TuningReport, plan: PlanFile) {
        let values = try ordered(inputs)
        var tuning = TuningOptions()
        tuning.measuring = max(0, seconds) * 2 / 3
        tuning.racing = max(0, seconds) / 3
        do {
            let result = try engine.tune(values, options: tuning, progress: progress)
            var document = try complete(try engine.document(for: values, tuned: result.tuned), values)
            document.race = result.rivals.map {
                .init(plan: $0.name, seconds: $0.measured.median, spread: $0.measured.spread)
            }
            return (TuningReport(result), PlanFile(document))
        } catch {
            throw error.at(file: file)
        }
    }

    /// What the engine does not know of a plan: version, model, list of providers, inputs.
    private func complete(_ document: PlanDocument, _ values: [Value]) throws(WeftError) -> PlanDocument {
        var document = document
        document.weft = WeftVersion.number
        document.model = .init(
            name: file.map { String($0.split(separator: "/").last ?? "") } ?? "in memory", hash: try modelHash())
        document.namedDevices = namedDevices
        document.inputs = zip(inputs, values).map { input, value in .init(name: input.name, type: "\(value.type)") }
        return document
    }
}
