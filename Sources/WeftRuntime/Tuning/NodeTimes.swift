import WeftExecution
import WeftPlanning
import WeftProvider

/// The times of nodes in timed runs, by kind of node, device and variant.
struct NodeTimes {
    /// A kind of node on a device with a variant.
    struct Way: Hashable {
        let device: String
        let key: NodeKey
        let variant: String
    }

    /// The times in seconds of each node of a kind, one entry a run.
    private var series: [Way: [[Double]]] = [:]

    func contains(_ way: Way) -> Bool { series[way] != nil }

    var count: Int { series.count }

    /// Adds the times of a plan whose segments are single nodes.
    ///
    /// `overhead` is the time to start a segment, by device. It and the prices of the segment's transfers are
    /// subtracted.
    mutating func add(_ runs: TimedPlan, devices: [EngineDevice], overhead: [Int: Price]) {
        for part in runs.parts { add(part.plan, part.steps, devices: devices, overhead: overhead) }
    }

    private mutating func add(
        _ plan: Plan, _ runs: [[Double]], devices: [EngineDevice], overhead: [Int: Price]
    ) {
        for (number, step) in plan.steps.enumerated() {
            let index: Int
            switch step {
            case .segment(let number), .submit(let number): index = number
            default: continue
            }
            let segment = plan.segments[index]
            guard let node = segment.placed.first, segment.placed.count == 1 else { continue }
            let device = devices[segment.device]
            var other = overhead[segment.device]?.seconds ?? (device.description.isHost ? 0 : device.rates.segment)
            for bytes in segment.imported { other += device.transferPrice(bytes, isUpload: true).seconds }
            for bytes in segment.exported { other += device.transferPrice(bytes, isUpload: false).seconds }
            let times = runs.map { max($0[number] - other, $0[number] * 0.02) }
            series[Self.way(node, device), default: []].append(times)
        }
    }

    static func way(_ node: PlacedNode, _ device: EngineDevice) -> Way {
        // The key of a node that is offered has no layouts, the placed node's operands have those of its variant.
        Way(device: device.description.id, key: NodeKey(node.view), variant: node.variant.name)
    }

    /// Adds a price for each kind: the mean over its nodes of the median over runs.
    func prices(into tuned: inout TunedPrices) {
        for (way, nodes) in series {
            guard let price = Price(meanOf: nodes) else { continue }
            tuned.set(price, way.key, device: way.device, variant: way.variant)
        }
    }
}
