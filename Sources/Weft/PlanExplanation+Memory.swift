import WeftPlanning
import WeftRuntime

extension PlanExplanation {
    /// Bytes that a run of the plan takes on a device with memory of its own.
    public struct MemoryUse: Sendable, Encodable {
        public let device: String
        /// What the session may take there; nil for as many as there are.
        public let limit: Int?
        public let values: Int
        public let staging: Int
        public let scratch: Int
        public let weights: Int
        /// All of them together.
        public let need: Int

        init(_ use: PlacementReport.DeviceUse) {
            (device, limit) = (use.device, use.limit)
            (values, staging, scratch, weights) = (use.values, use.staging, use.scratch, use.weights)
            need = [staging, scratch, weights].reduce(values) {
                let (sum, overflow) = $0.addingReportingOverflow($1)
                return overflow ? Int.max : sum
            }
        }
    }

    /// The plan that would have been made if devices had all the memory that it asks for.
    public struct Unlimited: Sendable, Encodable {
        public let seconds: Double
        /// Bytes by device.
        public let needs: [String: Int]
    }

    /// How many of the model's nodes, those of bodies included, are elsewhere because a device lacks memory for them.
    public var nodesKeptOff: Int { Self.keptOff(nodes) }

    private static func keptOff(_ nodes: [Node]) -> Int {
        nodes.reduce(0) { sum, node in
            (node.bodies ?? []).reduce(sum + (node.keptOff == nil ? 0 : node.nodeCount)) { $0 + keptOff($1.nodes) }
        }
    }
}
