package import WeftPlanning

/// The contents of a plan file: the decisions, the model, devices and inputs they are for, and the prices behind them.
package struct PlanDocument: Codable, Sendable {
    /// The model that the plan is for.
    package struct Model: Codable, Sendable, Hashable {
        package var name: String
        /// The hash of the file's bytes.
        package var hash: String

        package init(name: String, hash: String) {
            self.name = name
            self.hash = hash
        }
    }

    /// A device that the plan was made with.
    package struct Device: Codable, Sendable, Hashable {
        package var id: String
        package var name: String
        package var provider: String
        package var kind: String
        package var memorySpace: String
        /// Where its rates come from, in words.
        package var rates: String
    }

    /// An input of the model, with its type as text.
    package struct Input: Codable, Sendable, Hashable {
        package var name: String
        package var type: String

        package init(name: String, type: String) {
            self.name = name
            self.type = type
        }
    }

    /// A pin of the user: nodes whose names match the pattern run on the device with this id.
    package struct Pin: Codable, Sendable, Hashable {
        package var pattern: String
        package var provider: String
    }

    /// A node that remains after folding, and where it is placed.
    package struct Node: Codable, Sendable, Hashable {
        package var name: String
        package var opType: String
        package var device: String
        package var variant: String
        /// The layouts of the first input and output; nil if both are plain.
        package var layout: String?
        /// The number of the fused node that it is part of; nodes with the same number run as one.
        package var fusion: Int?
        /// The predicted time; for a member of a fused node, its share of that node's time.
        package var seconds: Double
        package var spread: Double?
        package var source: PriceSource
        package var reason: String
        /// Whether a pin decided its device.
        package var isPinned: Bool
        /// The index in `bodies` of the body that it belongs to; nil for the model's own graph.
        package var body: Int?
        /// The device that it would be placed on if that device had more memory; nil if there is none.
        package var keptOff: String?
    }

    /// A body of If, Loop or Scan that is placed together with the graph.
    package struct Body: Codable, Sendable, Hashable {
        /// The units and bodies around it, from the outside: a unit's index, then the name of its body, and so on.
        package var path: [String]
        /// Its segments in the order they run, each a list of item numbers.
        package var order: [[Int]]
    }

    /// A segment, with the names of its nodes and its predicted time.
    package struct Segment: Codable, Sendable, Hashable {
        package var device: String
        package var nodes: [String]
        package var seconds: Double
    }

    /// A transfer of a value between devices, with its size and predicted time.
    package struct Transfer: Codable, Sendable, Hashable {
        package var value: String
        package var from: String
        package var to: String
        package var bytes: Int
        package var seconds: Double
    }

    /// The measured time of nodes of one kind, by the text of their `NodeKey`.
    package struct MeasuredPrice: Codable, Sendable, Hashable {
        package var node: String
        package var device: String
        package var variant: String
        package var seconds: Double
        package var spread: Double?
        package var samples: Int?
    }

    /// The measured time of transfers of one size between the host and a device.
    package struct MeasuredTransfer: Codable, Sendable, Hashable {
        package var device: String
        package var isUpload: Bool
        package var bytes: Int
        package var seconds: Double
        package var spread: Double?
        package var samples: Int?
    }

    /// A result of the race: a plan's name, its median time in seconds and the spread.
    package struct Race: Codable, Sendable, Hashable {
        package var plan: String
        package var seconds: Double
        package var spread: Double?

        package init(plan: String, seconds: Double, spread: Double?) {
            self.plan = plan
            self.seconds = seconds
            self.spread = spread
        }
    }

    package var format: String
    package var weft: String
    package var model: Model
    package var threads: Int
    package var placement: String
    /// The devices in the order of preference.
    package var devices: [Device]
    /// How many of the first devices the user's list names.
    package var namedDevices: Int
    package var inputs: [Input]
    /// The signature: the inputs' types, and the contents that decide shapes.
    package var signature: String
    package var pins: [Pin]
    package var nodes: [Node]
    package var segments: [Segment]
    /// Segments of the model's graph in the order they run: item numbers of placed nodes, layout conversions and units.
    package var order: [[Int]]
    /// Bodies that are placed with the graph; each comes after the body that calls it.
    package var bodies: [Body]
    package var transfers: [Transfer]
    package var predictedSeconds: Double
    package var hostOnlySeconds: Double?
    package var prices: [MeasuredPrice]
    package var transferPrices: [MeasuredTransfer]
    /// The measured time to start a segment and wait for it, by device.
    var segmentPrices: [String: Price]
    /// The measured time of a run outside of placed nodes and transfers.
    var restPrice: Price?
    package var race: [Race]

    /// The value of `format` in files that this version of Weft writes.
    package static let format = "weft plan 3"

    /// The measured prices that the plan was made with.
    package var tuned: TunedPrices {
        var tuned = TunedPrices()
        for entry in prices {
            tuned.set(
                Price(entry.seconds, spread: entry.spread, samples: entry.samples, source: .tuned),
                NodeKey(text: entry.node),
                device: entry.device, variant: entry.variant)
        }
        for entry in transferPrices {
            tuned.transfers[.init(device: entry.device, isUpload: entry.isUpload, bytes: entry.bytes)] = Price(
                entry.seconds, spread: entry.spread, samples: entry.samples, source: .tuned)
        }
        tuned.segments = segmentPrices
        tuned.rest = restPrice
        return tuned
    }
}
