import WeftPlacement
import WeftPlanning
import WeftRuntime

extension PlanExplanation {
    /// What a run does when, by the prices; seconds from its start.
    public struct Timeline: Sendable, Encodable {
        /// Nodes in a row on one device; the transfers that are charged to it count as its time.
        public struct Segment: Sendable, Encodable {
            /// `engine` for parts that run by themselves, which have no price.
            public let device: String
            public let start: Double
            public let end: Double
            /// Numbers of the plan's `nodes`.
            public let nodes: [Int]
        }

        /// A transfer of a value from one memory to another.
        public struct Transfer: Sendable, Encodable {
            public let value: String
            public let from: String
            public let to: String
            public let bytes: Int
            public let start: Double
            public let seconds: Double
            /// Number of the segment that makes it; nil for an input of the model.
            public let maker: Int?
            /// Number of the segment that reads it first; nil for an output of the model.
            public let reader: Int?
        }

        public let segments: [Segment]
        public let transfers: [Transfer]

        /// When the last segment ends.
        public var seconds: Double { segments.reduce(0) { max($0, $1.end) } }

        init(_ report: PlacementReport) {
            segments = report.timedSegments.map {
                Segment(device: $0.device, start: $0.start, end: $0.end, nodes: $0.nodes)
            }
            transfers = report.timedTransfers.map {
                Transfer(
                    value: $0.value, from: $0.from, to: $0.to, bytes: $0.bytes, start: $0.start, seconds: $0.seconds,
                    maker: $0.maker, reader: $0.reader)
            }
        }
    }

    /// What the plan would gain if a device had an operator that it declines.
    public struct Counterfactual: Sendable, Encodable {
        public let device: String
        public let opType: String
        /// How many of the model's nodes it declines.
        public let nodes: Int
        public let declines: [String]
        /// Predicted seconds of the plan with the operator, and how much less that is.
        public let seconds: Double
        public let saving: Double

        init(_ counterfactual: WeftPlanning.Counterfactual) {
            device = counterfactual.device
            opType = counterfactual.opType
            nodes = counterfactual.nodes
            declines = counterfactual.declines.map { "\($0)" }
            seconds = counterfactual.seconds
            saving = counterfactual.saving
        }
    }
}
