import WeftPlanning
import WeftProvider
import WeftRuntime

/// A plan in words: where every node runs, what it costs there and elsewhere, and why.
public struct PlanExplanation: Sendable, Encodable, CustomStringConvertible {
    /// What one device would do with a node.
    public struct Offer: Sendable, Encodable {
        public let device: String
        /// Predicted seconds; nil where the device declines.
        public let seconds: Double?
        /// How far the price may be off, as a share; nil where too little was measured to tell.
        public let spread: Double?
        /// How many measurements the price rests on; nil where none.
        public let samples: Int?
        /// `tuned`, `calibrated` or `nominal`; nil where the device declines.
        public let source: String?
        public let variant: String?
        public let decline: String?

        init(_ offer: PlacementReport.Offer) {
            device = offer.device
            seconds = offer.price?.seconds
            spread = offer.price?.spread
            samples = offer.price?.samples
            source = offer.price?.source.rawValue
            variant = offer.variant
            decline = offer.decline.map { "\($0)" }
        }
    }

    /// One of the model's nodes that are left after folding.
    public struct Node: Sendable, Encodable {
        public let name: String
        public let opType: String
        /// `engine` for control flow and data-dependent parts.
        public let device: String
        public let variant: String
        public let seconds: Double
        /// How far the price may be off, as a share; nil where too little was measured to tell.
        public let spread: Double?
        /// How many measurements the price rests on; nil where none.
        public let samples: Int?
        /// `tuned`, `calibrated` or `nominal`.
        public let source: String
        public let reason: String
        /// The device that it would be on, had that device more memory.
        public let keptOff: String?
        /// The fused node that it is part of.
        public let fusedInto: String?
        public let flops: Double
        public let offers: [Offer]
        public let nodeCount: Int
        /// Names of the values that it reads, constants left out, and of those that it makes.
        public let inputs: [String]
        public let outputs: [String]
        /// Of control flow: the bodies that are placed together with the graph; nil where there are none.
        public let bodies: [Body]?
        /// Predicted seconds of all their trips.
        public let bodySeconds: Double?

        init(_ entry: PlacementReport.Entry) {
            name = entry.name
            opType = entry.opType
            device = entry.device
            variant = entry.variant
            seconds = entry.price.seconds
            spread = entry.price.spread
            samples = entry.price.samples
            source = entry.price.source.rawValue
            reason = "\(entry.reason)"
            keptOff = entry.keptOff
            fusedInto = entry.fusedInto
            flops = entry.flops
            offers = entry.offers.map { Offer($0) }
            nodeCount = entry.nodeCount
            inputs = entry.inputs
            outputs = entry.outputs
            bodies = entry.bodies.isEmpty ? nil : entry.bodies.map { Body($0) }
            bodySeconds = entry.bodies.isEmpty ? nil : entry.bodySeconds
        }
    }

    /// A body of If, Loop or Scan, and where its nodes run on every trip.
    public struct Body: Sendable, Encodable {
        /// As its operator calls it: `body`, `then_branch`, `else_branch`.
        public let name: String
        /// How often it counts; half a trip for a branch that may be taken or not.
        public let trips: Double
        /// Where the number of trips comes from.
        public let tripsReason: String
        public let nodes: [Node]

        init(_ body: PlacementReport.Body) {
            name = body.name
            trips = body.trips.count
            tripsReason = body.trips.reason
            nodes = body.entries.map { Node($0) }
        }
    }

    public struct Segment: Sendable, Encodable {
        public let device: String
        public let nodes: [String]
        public let seconds: Double
    }

    public struct Transfer: Sendable, Encodable {
        public let value: String
        public let from: String
        public let to: String
        public let bytes: Int
        public let seconds: Double
        /// As of a node.
        public let spread: Double?
        public let samples: Int?
        public let source: String
    }

    /// What a device's prices are made of, where a node was not measured itself.
    public struct Rates: Sendable, Encodable {
        public let device: String
        /// What they rest on, in words.
        public let source: String
        /// The speed of memory as large kernels see it, with the session's threads.
        public let memoryBytesPerSecond: Double
        public let launchSeconds: Double
        /// Of starting a segment and waiting for it.
        public let segmentSeconds: Double
        /// `tuned` where the model's own runs showed it, else as the device's rates are known.
        public let segmentSource: String

        init(_ device: String, _ rates: DeviceRates) {
            self.device = device
            source = rates.origin
            memoryBytesPerSecond = rates.memory.points.last?.rate ?? 0
            launchSeconds = rates.launch
            segmentSeconds = rates.segment
            segmentSource = (rates.tunedSegment?.source ?? rates.source(of: .segment)).rawValue
        }
    }

    /// A device's part of the plan.
    public struct Share: Sendable, Encodable {
        /// The model's nodes; a fused node counts as its members.
        public let nodes: Int
        /// Share of the multiply-adds of Conv, ConvTranspose, Gemm, MatMul and their kin.
        public let flopsShare: Double

        private enum CodingKeys: String, CodingKey {
            case nodes
            case flopsShare = "flops_share"
        }
    }

    /// Predicted seconds of this plan, of those that simpler rules would make, and of what no plan can beat.
    public struct Comparison: Sendable, Encodable {
        public let chosen: Double
        /// Everything on the host; nil where a node cannot run there.
        public let hostOnly: Double?
        /// Whatever a device with memory of its own can run on the first such device, the rest on the host by cost.
        public let deviceFirst: Double
        /// Every node on the first of the list that runs it: how runtimes place by a list of preference.
        public let greedy: Double
        /// The greater of the critical path and each device's least load.
        public let lowerBound: Double
    }

    public let nodes: [Node]
    /// The predicted course of a run.
    public let timeline: Timeline
    /// Which missing operators would save most; nil where nobody asked.
    public internal(set) var counterfactuals: [Counterfactual]?
    public let segments: [Segment]
    public let transfers: [Transfer]
    /// Nodes of the model that were computed before anything ran.
    public let foldedNodes: Int
    public let predictedSeconds: Double
    /// What the plan that keeps to the host would take; nil where a node runs on devices alone.
    public let hostOnlySeconds: Double?
    /// Nil where nothing was placed.
    public let comparison: Comparison?
    /// Where each device's prices come from.
    public let rateSources: [String: String]
    /// The rates themselves, in the order of preference.
    public let rates: [Rates]
    /// Whether every device's rates were measured on this machine; if not, `weft calibrate` would.
    public let isCalibrated: Bool
    /// What the plan takes of devices' own memory.
    public let memory: [MemoryUse]
    /// What the plan would be if devices had all the memory that it asks for; nil where that did not bind.
    public let unlimited: Unlimited?
    /// Whether memory kept nodes off a device: such a placement is the best that was found, not surely the best.
    public let isBoundByMemory: Bool
    /// Bytes of planned memory by memory space.
    public let arenaBytes: [String: Int]
    public let shares: [String: Share]

    public var transferBytes: Int { transfers.reduce(0) { $0 + $1.bytes } }

    init(_ report: PlacementReport) {
        nodes = report.entries.map { Node($0) }
        timeline = Timeline(report)
        segments = report.segments.map { Segment(device: $0.device, nodes: $0.nodes, seconds: $0.seconds) }
        transfers = report.transfers.map {
            Transfer(
                value: $0.value, from: $0.from, to: $0.to, bytes: $0.bytes, seconds: $0.price.seconds,
                spread: $0.price.spread, samples: $0.price.samples, source: $0.price.source.rawValue)
        }
        foldedNodes = report.foldedCount
        comparison = report.comparison.map {
            Comparison(
                chosen: $0.chosen, hostOnly: $0.hostOnly, deviceFirst: $0.deviceFirst, greedy: $0.greedy,
                lowerBound: $0.lowerBound)
        }
        predictedSeconds = report.predictedSeconds
        hostOnlySeconds = report.hostOnlySeconds
        rates = report.rates.map { Rates($0.device, $0.rates) }
        rateSources = Dictionary(rates.map { ($0.device, $0.source) }) { first, _ in first }
        isCalibrated = report.rates.allSatisfy { $0.rates.source.priceSource != .nominal }
        memory = report.memory.map { MemoryUse($0) }
        unlimited = report.unlimited.map { Unlimited(seconds: $0.seconds, needs: $0.needs) }
        isBoundByMemory = report.unlimited != nil || report.entries.contains { $0.keptOff != nil }
        arenaBytes = Dictionary(report.arenaBytes.map { ($0.space, $0.bytes) }) { $0 + $1 }
        let total = report.entries.reduce(0) { $0 + $1.flops }
        var counts: [String: (nodes: Int, flops: Double)] = [:]
        for entry in report.entries {
            counts[entry.device, default: (0, 0)].nodes += entry.nodeCount
            counts[entry.device, default: (0, 0)].flops += entry.flops
        }
        shares = counts.mapValues { Share(nodes: $0.nodes, flopsShare: total > 0 ? $0.flops / total : 0) }
    }

    /// One line: each device's nodes and share of the work, segments and transfers.
    public var description: String {
        if shares.isEmpty { return "nothing to run" }
        let parts = shares.sorted { ($1.value.nodes, $0.key) < ($0.value.nodes, $1.key) }.map { device, share in
            "\(device) \(share.nodes) node\(share.nodes == 1 ? "" : "s"), \(Int((share.flopsShare * 1000).rounded()) / 10)% of FLOPs"
        }
        return parts.joined(separator: "; ")
            + "; \(segments.count) segment\(segments.count == 1 ? "" : "s")"
            + ", \(transfers.count) transfer\(transfers.count == 1 ? "" : "s") of \(transferBytes) bytes"
    }
}
