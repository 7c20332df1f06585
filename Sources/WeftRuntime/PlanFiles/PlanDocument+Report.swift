package import WeftExecution
package import WeftPlanning
import WeftProvider

extension PlanDocument {
    /// A document of a plan.
    ///
    /// The engine does not know Weft's version, the model's file and the inputs' names, nor the race: the caller
    /// fills them in.
    package init(
        _ plan: Plan, signature: String, devices: [EngineDevice], rules: PlacementRules, threads: Int,
        tuned: TunedPrices
    ) {
        let report = plan.report
        format = PlanDocument.format
        weft = ""
        model = Model(name: "", hash: "")
        self.threads = threads
        placement = rules.mode.rawValue
        self.devices = devices.map { device in
            Device(
                id: device.description.id, name: device.description.name, provider: device.provider.name,
                kind: device.description.kind.rawValue, memorySpace: device.description.memorySpace,
                rates: device.rates.origin)
        }
        namedDevices = devices.count
        inputs = []
        self.signature = signature
        pins = rules.pins.map { Pin(pattern: $0.pattern, provider: devices[$0.device].description.id) }
        nodes = []
        bodies = []
        func add(_ entries: [PlacementReport.Entry], body: Int?) {
            nodes += entries.map { entry in
                Node(
                    name: entry.name, opType: entry.opType, device: entry.device, variant: entry.variant,
                    layout: entry.layout, fusion: entry.fusion, seconds: entry.price.seconds,
                    spread: entry.price.spread, source: entry.price.source, reason: "\(entry.reason)",
                    isPinned: entry.reason.isPin, body: body, keptOff: entry.keptOff)
            }
            for inner in entries.flatMap(\.bodies) {
                bodies.append(Body(path: inner.path, order: report.orders[inner.frame]))
                add(inner.entries, body: bodies.count - 1)
            }
        }
        segments = report.segments.map { Segment(device: $0.device, nodes: $0.nodes, seconds: $0.seconds) }
        order = report.orders.first ?? []
        transfers = report.transfers.map {
            Transfer(value: $0.value, from: $0.from, to: $0.to, bytes: $0.bytes, seconds: $0.price.seconds)
        }
        predictedSeconds = report.predictedSeconds
        hostOnlySeconds = report.hostOnlySeconds
        prices = tuned.entries.map { device, key, variant, price in
            MeasuredPrice(
                node: key.text, device: device, variant: variant, seconds: price.seconds, spread: price.spread,
                samples: price.samples)
        }
        transferPrices = tuned.transfers.map { key, price in
            MeasuredTransfer(
                device: key.device, isUpload: key.isUpload, bytes: key.bytes, seconds: price.seconds,
                spread: price.spread, samples: price.samples)
        }.sorted { ($0.device, $0.isUpload ? 0 : 1, $0.bytes) < ($1.device, $1.isUpload ? 0 : 1, $1.bytes) }
        segmentPrices = tuned.segments
        restPrice = tuned.rest
        race = []
        add(report.entries, body: nil)
    }
}
