package import Logging
import WeftPlanning
package import WeftProvider

/// Messages of the engine to the caller's logger, if there is one. Nothing here is called while a plan runs.
package struct EngineLog: Sendable {
    private let logger: Logger?

    package init(_ logger: Logger?) { self.logger = logger }

    /// A device that nodes may run on.
    package func opened(_ device: DeviceDescription, memoryLimit: Int?) {
        logger?.debug(
            "device opened",
            metadata: [
                "device": "\(device.id)", "name": "\(device.name)", "kind": "\(device.kind)",
                "memory_limit": "\(memoryLimit.map { "\($0)" } ?? "none")",
            ])
    }

    /// A provider that is in the list but has no device here.
    package func unavailable(_ provider: String, _ reason: String?) {
        logger?.debug(
            "provider has no device here", metadata: ["provider": "\(provider)", "reason": "\(reason ?? "none found")"])
    }

    package func loaded(file: String?, nodes: Int, left: Int, seconds: Double) {
        logger?.info(
            "model loaded",
            metadata: [
                "file": "\(file ?? "memory")", "nodes": "\(nodes)", "nodes_after_folding": "\(left)",
                "seconds": "\(seconds)",
            ])
    }

    /// Why a plan is made, which decides the level of the message.
    enum Occasion {
        case first
        /// The model's inputs have another signature than before, or one whose plan has left the cache.
        case again(evicted: Bool)
        /// The plan is for a body, or for a region whose shapes only a run knows.
        case inner
    }

    func planned(_ plan: Plan, _ occasion: Occasion, seconds: Double, capacity: Int) {
        guard let logger else { return }
        let report = plan.report
        let metadata: Logger.Metadata = [
            "signature": "\(plan.title)", "seconds": "\(seconds)", "segments": "\(report.segments.count)",
            "transfers": "\(report.transfers.count)", "predicted_seconds": "\(report.comparison?.chosen ?? 0)",
            "memory": .dictionary(
                Dictionary(report.arenaBytes.map { ($0.space, .stringConvertible($0.bytes)) }) { first, _ in first }),
        ]
        switch occasion {
        case .first: logger.info("planned", metadata: metadata)
        case .inner: logger.debug("planned a part", metadata: metadata)
        case .again(evicted: false): logger.notice("planned again, for new shapes or contents", metadata: metadata)
        case .again(evicted: true):
            logger.warning(
                "planned again what had left the cache; raise planCapacity (\(capacity)), or give fewer shapes",
                metadata: metadata)
        }
    }

    func evicted(_ plan: Plan, capacity: Int) {
        logger?.debug("plan left the cache", metadata: ["signature": "\(plan.title)", "capacity": "\(capacity)"])
    }

    func freed(_ plan: Plan) {
        logger?.debug("a plan's idle memory was freed for another", metadata: ["signature": "\(plan.title)"])
    }

    package func fellBack(_ error: WeftError) {
        logger?.warning(
            "a device failed: this run begins again on the host, and later ones stay there",
            metadata: ["error": "\(error)", "code": "\(error.code.rawValue)"])
    }
}
