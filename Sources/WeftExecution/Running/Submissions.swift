import WeftPlanning
import WeftProvider

/// Segments that a run has had devices begin, and that it has not waited for.
struct Submissions {
    private let devices: [EngineDevice]
    private var underWay: [(segment: Int, device: Int, point: TimelinePoint)] = []

    init(devices: [EngineDevice]) { self.devices = devices }

    mutating func add(_ segment: Int, on device: Int, _ point: TimelinePoint) {
        underWay.append((segment, device, point))
    }

    var isEmpty: Bool { underWay.isEmpty }

    /// Waits for a segment. Throws what its work left behind, and `.timeout` where the deadline comes first: the segment
    /// is then still under way.
    mutating func wait(_ segment: Int, deadline: ContinuousClock.Instant?) throws(WeftError) {
        guard let index = underWay.firstIndex(where: { $0.segment == segment }) else {
            throw WeftError(.internalInconsistency, "segment \(segment) is waited for before it is begun")
        }
        let entry = underWay[index]
        do {
            try devices[entry.device].device.wait(entry.point, deadline: deadline)
        } catch {
            if error.code != .timeout { underWay.remove(at: index) }
            throw error
        }
        underWay.remove(at: index)
    }

    /// Waits for all that is left, whatever comes of it; returns whether a device was lost.
    mutating func settle() -> Bool {
        var isLost = false
        for entry in underWay {
            do { try devices[entry.device].device.wait(entry.point) } catch {
                isLost = isLost || error.code == .deviceLost
            }
        }
        underWay = []
        return isLost
    }
}
