package import WeftProvider

/// The predicted gain of a plan if a device could run an operator that it declines.
package struct Counterfactual: Sendable {
    package let device: String
    package let opType: String
    /// How many of the graph's nodes the device declines.
    package let nodes: Int
    /// Why it declines them, each reason once.
    package let declines: [Decline]
    /// Predicted seconds of the plan with the operator.
    package let seconds: Double
    /// Predicted seconds saved, compared with the plan without it.
    package let saving: Double
}

extension Placer {
    /// For each device and operator that it declines, what the plan would gain if it did not; greatest saving first.
    ///
    /// A declined node is priced by the device's own rates, for the work of the cheapest way on any other device. Each
    /// case is placed anew by the same rules; cases that save nothing are left out. Throws as `place` does.
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

    /// The assumed choice of a device for a node that it declines; nil if every device declines the node.
    private func supposed(_ node: Int, on device: Int) -> Choice? {
        var best: Way?
        for answer in offers.answers[node] {
            guard case .able(let choice) = answer, let way = choice.cheapest() else { continue }
            if best.map({ way.seconds < $0.seconds }) ?? true { best = way }
        }
        guard let best else { return nil }
        var work = best.variant.work
        // A new kernel is assumed to be no slower than elementwise work, even if the other device's is a plain loop.
        if work.rate == .reference { work.rate = .elementwise }
        let variant = Variant("supposed", work: work)
        return Choice(device: device, ways: [Way(variant: variant, price: devices[device].rates.price(work))])
    }
}
