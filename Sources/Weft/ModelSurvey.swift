import WeftPlanning
import WeftRuntime

/// What each device says about every node of a model for given shapes, before anything is placed.
public struct ModelSurvey: Sendable {
    /// A node that is left after folding, with every device's answer.
    public struct Node: Sendable {
        public let name: String
        public let opType: String
        /// Multiply-adds times two; zero for operators whose work is not counted.
        public let flops: Double
        /// Why the engine runs it itself; nil where devices are asked.
        public let engineReason: String?
        public let offers: [PlanExplanation.Offer]
        /// How many of the model's nodes it stands for.
        public let nodeCount: Int
    }

    public let nodes: [Node]
    /// Nodes of the model that need not run: what they compute follows from shapes and constants.
    public let foldedNodes: Int

    /// The work of one run; bodies of control flow and parts whose shapes only a run knows are left out.
    public var flops: Double { nodes.reduce(0) { $0 + $1.flops } }
    /// Whether `flops` and the devices' answers are about all of the model.
    public var isComplete: Bool { nodes.allSatisfy { $0.engineReason == nil } }

    init(_ report: PlacementReport) {
        nodes = report.entries.map { entry in
            Node(
                name: entry.name, opType: entry.opType, flops: entry.flops,
                engineReason: entry.device.isEmpty ? nil : "\(entry.reason)",
                offers: entry.offers.map { PlanExplanation.Offer($0) }, nodeCount: entry.nodeCount)
        }
        foldedNodes = report.foldedCount
    }
}
