import WeftPlanning
import WeftProvider

/// Segments that a run has submitted to devices and not yet waited for.
struct Submissions {
    private let devices: [EngineDevice]
    private var underWay: [(segment: Int, device: Int, point: TimelinePoint)] = []

    init(devices: [EngineDevice]) { self.devices = devices }

    mutating func add(_ segment: Int, on device: Int, _ point: TimelinePoint) {
        underWay.append((segment, device, point))
    }

    var isEmpty: Bool { underWay.isEmpty }

    /// Waits for a segment. Throws an error that its work caused, or `.timeout` if the deadline passes first: then the
    /// segment is still under way.
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

    /// Waits for all segments that are left and ignores their errors; returns whether a device was lost.
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
