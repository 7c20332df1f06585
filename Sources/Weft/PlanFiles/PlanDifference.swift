import WeftRuntime

/// What changed between two plans of one model.
public struct PlanDifference: Sendable, Encodable {
    /// A node that runs elsewhere, or otherwise.
    public struct Move: Sendable, Encodable {
        public let node: String
        public let opType: String
        public let fromDevice: String
        public let fromVariant: String
        public let fromSeconds: Double
        public let toDevice: String
        public let toVariant: String
        public let toSeconds: Double
        /// Why the second plan has it there.
        public let reason: String
    }

    /// Nodes whose device changed.
    public let moved: [Move]
    /// Nodes that stayed on their device and run in another way, or within another fused node.
    public let changed: [Move]
    /// Nodes that only the first plan has, and only the second: of other models, shapes or versions.
    public let removed: [String]
    public let added: [String]
    public let segments: [Int]
    public let transfers: [Int]
    public let transferBytes: [Int]
    public let predictedSeconds: [Double]
    /// Devices whose rates rest on something else in the second plan, as `cpu: nominal (host) -> calibrated (…)`.
    public let rates: [String]
    /// What the plans were made for, where it is not the same.
    public let remarks: [String]

    public init(from first: PlanFile, to second: PlanFile) {
        let (a, b) = (first.document, second.document)
        var remarks: [String] = []
        func compare(_ what: String, _ left: String, _ right: String) {
            if left != right { remarks.append("\(what): \(left) -> \(right)") }
        }
        compare("model", "\(a.model.name) (\(a.model.hash))", "\(b.model.name) (\(b.model.hash))")
        compare(
            "devices", a.devices.map(\.id).joined(separator: ","), b.devices.map(\.id).joined(separator: ","))
        compare("placement", a.placement, b.placement)
        compare("threads", "\(a.threads)", "\(b.threads)")
        func inputs(_ plan: PlanDocument) -> String {
            plan.inputs.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
        }
        compare("inputs", inputs(a), inputs(b))
        self.remarks = remarks

        var rates: [String] = []
        for device in b.devices {
            guard let old = a.devices.first(where: { $0.id == device.id }), old.rates != device.rates else { continue }
            rates.append("\(device.id): \(old.rates) -> \(device.rates)")
        }
        self.rates = rates

        // Names may be missing or repeat: the n-th node of a name and operator is the same node in both.
        func keyed(_ plan: PlanDocument) -> [(key: String, node: PlanDocument.Node)] {
            var seen: [String: Int] = [:]
            return plan.nodes.map { node in
                let label = "\(node.name) (\(node.opType))"
                let count = seen[label, default: 0]
                seen[label] = count + 1
                return (count == 0 ? label : "\(label) #\(count + 1)", node)
            }
        }
        let (old, new) = (keyed(a), keyed(b))
        let before = Dictionary(old.map { ($0.key, $0.node) }) { first, _ in first }
        let after = Set(new.map(\.key))
        var moved: [Move] = []
        var changed: [Move] = []
        for (key, node) in new {
            guard let was = before[key] else { continue }
            let move = Move(
                node: node.name, opType: node.opType, fromDevice: was.device, fromVariant: was.variant,
                fromSeconds: was.seconds, toDevice: node.device, toVariant: node.variant, toSeconds: node.seconds,
                reason: node.reason)
            if was.device != node.device {
                moved.append(move)
            } else if was.variant != node.variant || (was.fusion == nil) != (node.fusion == nil) {
                changed.append(move)
            }
        }
        self.moved = moved
        self.changed = changed
        removed = old.map(\.key).filter { !after.contains($0) }
        added = new.map(\.key).filter { before[$0] == nil }
        segments = [a.segments.count, b.segments.count]
        transfers = [a.transfers.count, b.transfers.count]
        transferBytes = [a, b].map { plan in plan.transfers.reduce(0) { $0 + $1.bytes } }
        predictedSeconds = [a.predictedSeconds, b.predictedSeconds]
    }

    /// Whether both plans do the same in the same way.
    public var isEmpty: Bool {
        moved.isEmpty && changed.isEmpty && removed.isEmpty && added.isEmpty && segments[0] == segments[1]
            && transfers[0] == transfers[1] && transferBytes[0] == transferBytes[1]
    }
}
