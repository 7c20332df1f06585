import WeftPlacement
package import WeftProvider

/// The place of every node, with prices and reasons; `explain` shows it.
package struct PlacementReport: Sendable {
    /// The answer of one device about a node.
    package struct Offer: Sendable {
        package let device: String
        /// The cheapest way's price; nil if the device declines.
        package let price: Price?
        package let variant: String?
        package let decline: Decline?
    }

    package struct Entry: Sendable {
        package let name: String
        package let opType: String
        /// The id of the device that runs it; `engine` for control flow, dynamic nodes and regions.
        package var device: String
        package var variant: String
        /// The price of the node; for a member of a fused node, an equal share of that node's seconds.
        package var price: Price
        package let offers: [Offer]
        /// The label of the fused node that it became part of; nil if none.
        package var fusedInto: String?
        /// The fused node's number in the plan, equal for all its members; nil if the node is not fused.
        package var fusion: Int?
        /// The layouts of its first input and output; nil if both are plain.
        package var layout: String?
        package var reason: PlacementReason
        /// The device that it would run on if that device had more memory; nil if there is none.
        package var keptOff: String?
        /// Floating-point operations, a multiply-add counted as two; zero for operators without a count.
        package let flops: Double
        /// How many of the model's nodes it stands for.
        package let nodeCount: Int
        /// Names of the values that it reads, without constants, and of the values that it makes.
        package var inputs: [String] = []
        package var outputs: [String] = []
        /// The bodies of control flow that are placed with the graph.
        package var bodies: [Body] = []
        /// Predicted seconds of all trips of its bodies.
        package var bodySeconds = 0.0
    }

    /// A body of If, Loop or Scan, and where its nodes run.
    package struct Body: Sendable {
        /// The name of the body's attribute, such as `then_branch`.
        package let name: String
        /// Its frame's number in the placement graph, and its path there.
        package let frame: Int
        package let path: [String]
        package let trips: TripCount
        package let entries: [Entry]
    }

    package struct SegmentEntry: Sendable {
        package let device: String
        package let nodes: [String]
        package let seconds: Double

        package init(device: String, nodes: [String], seconds: Double) {
            self.device = device
            self.nodes = nodes
            self.seconds = seconds
        }
    }

    package struct Transfer: Sendable {
        package let value: String
        package let from: String
        package let to: String
        package let bytes: Int
        package let price: Price

        package init(value: String, from: String, to: String, bytes: Int, price: Price) {
            self.value = value
            self.from = from
            self.to = to
            self.bytes = bytes
            self.price = price
        }
    }

    /// Predicted seconds of the plan and of its alternatives, and a bound that no plan can beat.
    package struct Comparison: Sendable {
        package let chosen: Double
        /// All nodes on the host; nil if a node may not run there.
        package let hostOnly: Double?
        /// Each node in the space of its first device with memory of its own; nodes without one on the host.
        package let deviceFirst: Double
        /// Each node on the first device of the list that may run it.
        package let greedy: Double
        /// The greater of the critical path and the least load of the busiest device.
        package let lowerBound: Double
    }

    /// Nodes in a row on one device in the predicted order, as indices into `entries`; times are in seconds.
    package struct TimedSegment: Sendable {
        package let device: String
        package let start: Double
        package let end: Double
        package let nodes: [Int]
    }

    /// A transfer on the predicted timeline; times are in seconds.
    package struct TimedTransfer: Sendable {
        package let value: String
        package let from: String
        package let to: String
        package let bytes: Int
        package let start: Double
        package let seconds: Double
        /// The segment that makes it; nil for an input of the model.
        package let maker: Int?
        /// The segment that reads it first; nil for an output of the model.
        package let reader: Int?
    }

    /// Bytes that the plan takes on a device with memory of its own.
    package struct DeviceUse: Sendable {
        package let device: String
        /// The bytes that the session may take there; nil for no limit.
        package let limit: Int?
        package let values: Int
        package let staging: Int
        package let scratch: Int
        package let weights: Int

        package init(device: String, limit: Int?, values: Int, staging: Int, scratch: Int, weights: Int) {
            self.device = device
            self.limit = limit
            self.values = values
            self.staging = staging
            self.scratch = scratch
            self.weights = weights
        }
    }

    /// The prediction for a plan without limits of memory.
    package struct Unlimited: Sendable {
        package let seconds: Double
        /// Bytes needed on each device with a limit, by the device's id.
        package let needs: [String: Int]
    }

    package var entries: [Entry] = []
    package var timedSegments: [TimedSegment] = []
    /// By frame, then by segment, the numbers of the segment's items.
    package var orders: [[[Int]]] = []
    package var timedTransfers: [TimedTransfer] = []
    package var segments: [SegmentEntry] = []
    package var transfers: [Transfer] = []
    package var foldedCount = 0
    /// Nil if nothing was placed.
    package var comparison: Comparison?
    /// Measured seconds of a run apart from placed nodes and transfers; zero if not measured.
    package var restSeconds = 0.0
    /// The rates of each device, with the device's id.
    package var rates: [(device: String, rates: DeviceRates)] = []
    package var arenaBytes: [(space: String, bytes: Int)] = []
    package var memory: [DeviceUse] = []
    /// Nil if the memory limits did not change the placement.
    package var unlimited: Unlimited?

    package init() {}

    /// Predicted seconds of a run, with this plan and with the host-only one; nil if a node may not run on the host.
    package var predictedSeconds: Double { (comparison?.chosen ?? 0) + restSeconds }
    package var hostOnlySeconds: Double? { comparison?.hostOnly.map { $0 + restSeconds } }

    /// A report with the entries of one body only, found by its frame; empty if there is no such body.
    package func body(_ frame: Int) -> PlacementReport {
        func find(_ entries: [Entry]) -> [Entry]? {
            for body in entries.lazy.flatMap(\.bodies) {
                if body.frame == frame { return body.entries }
                if let found = find(body.entries) { return found }
            }
            return nil
        }
        var report = PlacementReport()
        report.rates = rates
        report.entries = find(entries) ?? []
        return report
    }
}
