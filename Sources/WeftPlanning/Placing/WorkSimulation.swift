import WeftPlacement
import WeftProvider

/// Predicts the time that segments of placed work take in a given order: nodes, transfers and launches.
///
/// Spaces in `overlaps` work at the same time as the host. Of units, only bodies that were placed with the graph
/// have a price; all others count as zero.
struct WorkSimulation {
    private let work: PlacedWork
    private let spaces: MemorySpaces
    private let isOutput: [Bool]

    init(_ work: PlacedWork, outputs: [Int], spaces: MemorySpaces) {
        self.work = work
        self.spaces = spaces
        var isOutput = [Bool](repeating: false, count: work.values.count)
        for value in outputs { isOutput[value] = true }
        self.isOutput = isOutput
    }

    func seconds(_ segments: [PlacedWork.Segment]) -> Double { timeline(segments).seconds }

    /// When each segment starts and ends, and the transfers between spaces.
    func timeline(_ segments: [PlacedWork.Segment]) -> Timeline {
        var transfers: [Timeline.Transfer] = []
        var seconds = [Double](repeating: 0, count: segments.count)
        var needs = [[Int]](repeating: [], count: segments.count)
        /// By value, the segment that makes it; -1 for graph inputs and constants.
        var maker = [Int](repeating: -1, count: work.values.count)
        /// By value, the spaces that hold it: bit n for space n.
        var present = [UInt64](repeating: 1, count: work.values.count)
        let places = segments.map { $0.device.map { spaces.ofDevice[$0] } ?? 0 }
        for (index, segment) in segments.enumerated() {
            for item in segment.items {
                for value in work.items[item].outputs {
                    maker[value] = index
                    present[value] = 1 << UInt64(places[index] & 63)
                }
            }
        }
        for (index, segment) in segments.enumerated() {
            let here = places[index]
            if let device = segment.device { seconds[index] += spaces.launch[spaces.ofDevice[device]] }
            for item in segment.items {
                switch work.items[item] {
                case .node(let node): seconds[index] += node.seconds
                case .unit(_, let bodies):
                    guard let bodies else { break }
                    seconds[index] += bodies.seconds
                    for target in Set(bodies.readings.map { spaces.ofDevice[$0.device] }) {
                        var arrives = false
                        for value in Set(bodies.readings.filter { spaces.ofDevice[$0.device] == target }.map(\.value)) {
                            let made = maker[value]
                            let origin = made < 0 ? 0 : places[made]
                            guard origin != target, isMoved(value),
                                present[value] & 1 << UInt64(target & 63) == 0
                            else { continue }
                            arrives = true
                            bring(
                                value, from: origin, to: target, maker: made, reader: index, &present, &seconds,
                                &transfers)
                        }
                        if arrives { seconds[index] += spaces.launch[target] }
                    }
                }
                for value in work.items[item].inputs {
                    let made = maker[value]
                    let origin = made < 0 ? 0 : places[made]
                    guard origin != here, isMoved(value) else { continue }
                    if made >= 0 { needs[index].append(made) }
                    bring(value, from: origin, to: here, maker: made, reader: index, &present, &seconds, &transfers)
                }
                for value in work.items[item].outputs where isOutput[value] && here != 0 {
                    bring(value, from: here, to: 0, maker: index, reader: nil, &present, &seconds, &transfers)
                }
            }
        }
        var clock = PlanClock(overlaps: spaces.overlaps)
        for (index, space) in places.enumerated() { clock.run(seconds[index], in: space, after: needs[index]) }
        return Timeline(
            ends: zip(clock.ends, seconds).map { (start: $0 - $1, end: $0) }, transfers: transfers,
            seconds: clock.seconds)
    }

    /// Whether a value needs transfers: it is neither a constant nor a value of the caller.
    private func isMoved(_ value: Int) -> Bool {
        work.values[value].contents == nil && work.values[value].frame == work.frame
    }

    /// Charges a transfer once per target space: to the maker's segment if the target is the host, else to the reader's.
    private func bring(
        _ value: Int, from origin: Int, to target: Int, maker: Int, reader: Int?, _ present: inout [UInt64],
        _ seconds: inout [Double], _ transfers: inout [Timeline.Transfer]
    ) {
        let bit: UInt64 = 1 << UInt64(target & 63)
        guard present[value] & bit == 0, let bytes = work.values[value].byteCount else { return }
        present[value] |= bit
        let price = spaces.links[origin, target]?.seconds(bytes: bytes) ?? .infinity
        seconds[target == 0 ? maker : reader ?? maker] += price
        transfers.append(
            Timeline.Transfer(
                value: value, from: origin, to: target, bytes: bytes, seconds: price, maker: maker < 0 ? nil : maker,
                reader: reader))
    }
}
