package import WeftPlanning

/// A plan as its file holds it: what was decided, for which model, devices and inputs, and on what figures.
package struct PlanDocument: Codable, Sendable {
    package struct Model: Codable, Sendable, Hashable {
        package var name: String
        /// Of the file's bytes.
        package var hash: String

        package init(name: String, hash: String) {
            self.name = name
            self.hash = hash
        }
    }

    package struct Device: Codable, Sendable, Hashable {
        package var id: String
        package var name: String
        package var provider: String
        package var kind: String
        package var memorySpace: String
        /// What its rates rest on.
        package var rates: String
    }

    package struct Input: Codable, Sendable, Hashable {
        package var name: String
        package var type: String

        package init(name: String, type: String) {
            self.name = name
            self.type = type
        }
    }

    package struct Pin: Codable, Sendable, Hashable {
        package var pattern: String
        package var provider: String
    }

    /// A node that is left after folding.
    package struct Node: Codable, Sendable, Hashable {
        package var name: String
        package var opType: String
        package var device: String
        package var variant: String
        /// Of the first input and output, where one of them is not plain.
        package var layout: String?
        /// The number of the fused node that it is part of; members of one number run as one.
        package var fusion: Int?
        /// Of its share of the fused node, where it is part of one.
        package var seconds: Double
        package var spread: Double?
        package var source: PriceSource
        package var reason: String
        /// Whether a pin put it there.
        package var isPinned: Bool
        /// The body that it is a node of, by its number in `bodies`; nil for the model's own graph.
        package var body: Int?
        /// The device that it would be on, had that device had more memory.
        package var keptOff: String?
    }

    /// A body of If, Loop or Scan that was placed with the graph.
    package struct Body: Codable, Sendable, Hashable {
        /// The units and bodies that it lies in, from the outside: a unit's index, then the body's name there.
        package var path: [String]
        /// Blocks of work in the order they run.
        package var order: [[Int]]
    }

    package struct Segment: Codable, Sendable, Hashable {
        package var device: String
        package var nodes: [String]
        package var seconds: Double
    }

    package struct Transfer: Codable, Sendable, Hashable {
        package var value: String
        package var from: String
        package var to: String
        package var bytes: Int
        package var seconds: Double
    }

    /// What a node that was measured takes, whichever node of the model it is.
    package struct MeasuredPrice: Codable, Sendable, Hashable {
        package var node: String
        package var device: String
        package var variant: String
        package var seconds: Double
        package var spread: Double?
        package var samples: Int?
    }

    /// What a tensor of so many bytes takes that crosses to a device, or from it to the host.
    package struct MeasuredCrossing: Codable, Sendable, Hashable {
        package var device: String
        package var isUpload: Bool
        package var bytes: Int
        package var seconds: Double
        package var spread: Double?
        package var samples: Int?
    }

    /// What the race found, where there was one.
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
    /// In the order of preference.
    package var devices: [Device]
    /// How many of the devices, from the front, the list named.
    package var namedDevices: Int
    package var inputs: [Input]
    /// Of the inputs' types and of those contents that decide shapes.
    package var signature: String
    package var pins: [Pin]
    package var nodes: [Node]
    package var segments: [Segment]
    /// Blocks of work in the order they run: numbers of placed nodes, conversions between layouts and units included.
    package var order: [[Int]]
    /// Callers before their bodies.
    package var bodies: [Body]
    package var transfers: [Transfer]
    package var predictedSeconds: Double
    package var hostOnlySeconds: Double?
    package var prices: [MeasuredPrice]
    package var crossingPrices: [MeasuredCrossing]
    /// Of starting a segment and waiting for it, by device.
    var segmentPrices: [String: Price]
    /// Of a run beside placed nodes and transfers.
    var restPrice: Price?
    package var race: [Race]

    package static let format = "weft plan 3"

    /// The prices that were measured for it.
    package var tuned: TunedPrices {
        var tuned = TunedPrices()
        for entry in prices {
            tuned.set(
                Price(entry.seconds, spread: entry.spread, samples: entry.samples, source: .tuned),
                NodeKey(text: entry.node),
                device: entry.device, variant: entry.variant)
        }
        for entry in crossingPrices {
            tuned.transfers[.init(device: entry.device, isUpload: entry.isUpload, bytes: entry.bytes)] = Price(
                entry.seconds, spread: entry.spread, samples: entry.samples, source: .tuned)
        }
        tuned.segments = segmentPrices
        tuned.rest = restPrice
        return tuned
    }
}
