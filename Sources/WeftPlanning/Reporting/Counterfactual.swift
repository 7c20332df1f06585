package import WeftProvider

/// What a plan would gain if a device had an operator that it declines.
package struct Counterfactual: Sendable {
    package let device: String
    package let opType: String
    /// How many of the graph's nodes the device declines.
    package let nodes: Int
    /// Why it declines them, each reason once.
    package let declines: [Decline]
    /// Predicted seconds of the plan with the operator.
    package let seconds: Double
    /// How much less that is than the plan takes.
    package let saving: Double
}

extension Placer {
    /// For each operator that a device declines, the plan that it would have if it did not; the greatest saving first.
    ///
    /// A declined node's work is what the best of the other devices says that it is, at the rate that its class has on
    /// the device. Every plan is placed anew by the same rules. Those that save nothing are left out.
    package func counterfactuals() throws(WeftError) -> [Counterfactual] {
        guard let seconds = try place().report.comparison?.chosen else { return [] }
        struct Lack: Hashable {
            let device: Int
            let domain: String
            let opType: String
        }
        var lacking: [Lack: [Int]] = [:]
        for (index, node) in view.nodes.enumerated() {
            for (device, answer) in offers.answers[index].enumerated() {
                guard case .declined = answer else { continue }
                lacking[Lack(device: device, domain: node.domain, opType: node.opType), default: []].append(index)
            }
        }
        var found: [Counterfactual] = []
        for (lack, nodes) in lacking {
            var choices: [Int: Choice] = [:]
            var declines: [Decline] = []
            for node in nodes {
                if case .declined(let reason) = offers.answers[node][lack.device],
                    !declines.contains(where: { "\($0)" == "\(reason)" })
                {
                    declines.append(reason)
                }
                choices[node] = supposed(node, on: lack.device)
            }
            guard !choices.isEmpty,
                let better = try asking(offers.replacing(choices, of: lack.device)).place().report.comparison?.chosen,
                better < seconds
            else { continue }
            found.append(
                Counterfactual(
                    device: devices[lack.device].description.id,
                    opType: lack.domain.isEmpty ? lack.opType : "\(lack.domain).\(lack.opType)", nodes: nodes.count,
                    declines: declines, seconds: better, saving: seconds - better))
        }
        return found.sorted { ($1.saving, $0.device, $0.opType) < ($0.saving, $1.device, $1.opType) }
    }

    /// What a device would offer for a node that it declines; nil where no other device says what the work is.
    private func supposed(_ node: Int, on device: Int) -> Choice? {
        var best: Way?
        for answer in offers.answers[node] {
            guard case .able(let choice) = answer, let way = choice.cheapest() else { continue }
            if best.map({ way.seconds < $0.seconds }) ?? true { best = way }
        }
        guard let best else { return nil }
        var work = best.variant.work
        // A loop that is plain on one device would be no plainer than elementwise work where somebody writes it anew.
        if work.rate == .reference { work.rate = .elementwise }
        let variant = Variant("supposed", work: work)
        return Choice(device: device, ways: [Way(variant: variant, price: devices[device].rates.price(work))])
    }
}
