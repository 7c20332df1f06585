import WeftPlacement
package import WeftProvider

/// Where every node went, and why: what `explain` shows.
package struct PlacementReport: Sendable {
    /// What one device would do with a node.
    package struct Offer: Sendable {
        package let device: String
        /// Nil where the device declines.
        package let price: Price?
        package let variant: String?
        package let decline: Decline?
    }

    package struct Entry: Sendable {
        package let name: String
        package let opType: String
        /// The device that runs it; `engine` for control flow and data-dependent parts.
        package var device: String
        package var variant: String
        /// Of its share of the fused node, where it became part of one.
        package var price: Price
        package let offers: [Offer]
        /// The fused node it became part of, if any.
        package var fusedInto: String?
        /// The fused node's number in the plan; members of one number run as one.
        package var fusion: Int?
        /// How its first operands lie in memory, where they are not all plain.
        package var layout: String?
        package var reason: PlacementReason
        /// The device that it would be on, had that device more memory.
        package var keptOff: String?
        /// Multiply-adds times two of the operators whose work is counted; zero for others.
        package let flops: Double
        /// How many of the model's nodes it stands for.
        package let nodeCount: Int
        /// Names of the values that it reads, constants left out, and of those that it makes.
        package var inputs: [String] = []
        package var outputs: [String] = []
        /// Of control flow whose bodies are placed with the graph.
        package var bodies: [Body] = []
        /// Predicted, of all trips of its bodies.
        package var bodySeconds = 0.0
    }

    /// A body of If, Loop or Scan, and where its nodes run.
    package struct Body: Sendable {
        /// As its operator calls it.
        package let name: String
        /// Its number in the placement, and what names it there.
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

    /// Predicted seconds of the plan, of those that simpler rules would make, and of what no plan can beat.
    package struct Comparison: Sendable {
        package let chosen: Double
        /// Everything on the host; nil where a node cannot run there.
        package let hostOnly: Double?
        /// Whatever a device with memory of its own can run on the first such device.
        package let deviceFirst: Double
        /// Every node on the first of the list that runs it.
        package let greedy: Double
        /// The greater of the critical path and each device's least load.
        package let lowerBound: Double
    }

    /// A run of work of one device in the predicted order; nodes are numbers of `entries`.
    package struct Stretch: Sendable {
        package let device: String
        package let start: Double
        package let end: Double
        package let nodes: [Int]
    }

    /// A value carried between memories, by the prediction.
    package struct TimedTransfer: Sendable {
        package let value: String
        package let from: String
        package let to: String
        package let bytes: Int
        package let start: Double
        package let seconds: Double
        /// The stretch that makes it; nil for an input of the model.
        package let maker: Int?
        /// The stretch that reads it first; nil for an output of the model.
        package let reader: Int?
    }

    /// Bytes that the plan takes on a device with memory of its own.
    package struct DeviceUse: Sendable {
        package let device: String
        /// What the session may take there; nil for as many as there are.
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

    /// What the plan would be if devices had all the memory that it asks for.
    package struct Unlimited: Sendable {
        package let seconds: Double
        /// Bytes by device.
        package let needs: [String: Int]
    }

    package var entries: [Entry] = []
    package var stretches: [Stretch] = []
    /// By frame, then by block, the numbers of its placed items.
    package var orders: [[[Int]]] = []
    package var timedTransfers: [TimedTransfer] = []
    package var segments: [SegmentEntry] = []
    package var transfers: [Transfer] = []
    package var foldedCount = 0
    /// Nil where nothing was placed.
    package var comparison: Comparison?
    /// What a run takes beside placed nodes and transfers, where it was measured.
    package var restSeconds = 0.0
    /// Of each device, by its name.
    package var rates: [(device: String, rates: DeviceRates)] = []
    package var arenaBytes: [(space: String, bytes: Int)] = []
    package var memory: [DeviceUse] = []
    /// Nil where memory did not bind when the plan was placed.
    package var unlimited: Unlimited?

    package init() {}

    /// Of the plan, and of the one that keeps to the host; the latter is nil where a node cannot run there.
    package var predictedSeconds: Double { (comparison?.chosen ?? 0) + restSeconds }
    package var hostOnlySeconds: Double? { comparison?.hostOnly.map { $0 + restSeconds } }

    /// What it says of the nodes of one body.
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
