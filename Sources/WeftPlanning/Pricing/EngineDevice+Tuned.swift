import WeftPlacement
import WeftProvider

extension EngineDevice {
    /// The same device with measured prices.
    package func tuned(by prices: TunedPrices) -> EngineDevice {
        var device = self
        device.tuned.merge(prices[description.id]) { $0.merging($1) { $1 } }
        if let segment = prices.segments[description.id] {
            device.rates.segment = segment.seconds
            device.rates.tunedSegment = segment
        }
        for (key, price) in prices.transfers where key.device == description.id {
            device.tunedTransfers[key] = price
            if key.isUpload {
                device.rates.upload?.known[key.bytes] = price.seconds
            } else {
                device.rates.download?.known[key.bytes] = price.seconds
            }
        }
        return device
    }
}
