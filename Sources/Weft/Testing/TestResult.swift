import WeftProvider

/// What became of a test case.
public struct TestResult: Sendable, Encodable {
    public enum Status: String, Sendable, Encodable {
        case passed
        /// Wrong values, or an error that is none of the kind below.
        case failed
        /// The engine, or with `strict` the provider, says that it cannot.
        case unsupported
    }

    public let name: String
    public let status: Status
    /// The share of the first named provider: of the FLOPs, or of the nodes where there are none to count.
    public let providerShare: Double
    public let seconds: Double
    public let message: String

    private enum CodingKeys: String, CodingKey {
        case name, status, seconds, message
        case providerShare = "provider_share"
    }
}

extension TestCase {
    /// Runs every data set and compares the outputs.
    public func run(_ providers: [ProviderChoice] = [], options: SessionOptions = SessionOptions()) -> TestResult {
        let clock = ContinuousClock()
        let start = clock.now
        var share = 0.0
        func result(_ status: TestResult.Status, _ message: String = "") -> TestResult {
            TestResult(
                name: name, status: status, providerShare: share,
                seconds: Double((clock.now - start).components.attoseconds) * 1e-18
                    + Double((clock.now - start).components.seconds), message: message)
        }
        do throws(WeftError) {
            let session = try Session(loading: model, providers: providers, options: options)
            for dataSet in dataSets {
                let inputs = try TestCase.values("input", in: dataSet, for: session.inputs)
                let expected = try TestCase.values("output", in: dataSet, for: session.outputs)
                let outputs = try session.runSynchronously(values: inputs)
                share = Self.share(of: providers.first, session.placement)
                for description in session.outputs {
                    guard let want = expected[description.name] else { continue }
                    guard let got = outputs.value(description.name) else {
                        return result(.failed, "output '\(description.name)' is missing")
                    }
                    if let problem = tolerance.difference(got, want) {
                        let set = dataSets.count > 1 ? "\(dataSet.split(separator: "/").last ?? ""): " : ""
                        return result(.failed, "\(set)output '\(description.name)' \(problem)")
                    }
                }
            }
            return result(.passed)
        } catch {
            let kinds: Set<WeftError.Code> = [.unsupportedOperator, .unsupportedVersion, .placementForbidden]
            return result(kinds.contains(error.code) ? .unsupported : .failed, error.description)
        }
    }

    private static func share(of provider: ProviderChoice?, _ plan: PlanExplanation) -> Double {
        let name = provider?.description ?? "cpu"
        let own = plan.shares[name]
        if plan.shares.values.contains(where: { $0.flopsShare > 0 }) { return own?.flopsShare ?? 0 }
        let total = plan.shares.values.reduce(0) { $0 + $1.nodes }
        return total > 0 ? Double(own?.nodes ?? 0) / Double(total) : 0
    }
}
