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

    /// Waits for a segment. Throws what its work left behind.
    mutating func wait(_ segment: Int) throws(WeftError) {
        guard let index = underWay.firstIndex(where: { $0.segment == segment }) else {
            throw WeftError(.internalInconsistency, "segment \(segment) is waited for before it is begun")
        }
        let entry = underWay.remove(at: index)
        try devices[entry.device].device.wait(entry.point)
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
