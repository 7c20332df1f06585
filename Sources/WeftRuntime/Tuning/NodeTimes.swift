import WeftExecution
import WeftPlanning
import WeftProvider

/// What nodes took in timed runs, by what they are, where they ran and how.
struct NodeTimes {
    struct Way: Hashable {
        let device: String
        let key: NodeKey
        let variant: String
    }

    /// For each node of that kind that was timed, its times.
    private var series: [Way: [[Double]]] = [:]

    func contains(_ way: Way) -> Bool { series[way] != nil }

    var count: Int { series.count }

    /// Takes in a plan whose segments are single nodes. What `overhead` says of starting a device's segment, and of
    /// bringing over what crosses, is no part of the node.
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
        // Operands have the layouts of the variant, which the key of a node that is offered does not know.
        Way(device: device.description.id, key: NodeKey(node.view), variant: node.variant.name)
    }

    /// The price of each: the mean over nodes of their middle times.
    func prices(into tuned: inout TunedPrices) {
        for (way, nodes) in series {
            guard let price = Price(meanOf: nodes) else { continue }
            tuned.set(price, way.key, device: way.device, variant: way.variant)
        }
    }
}
