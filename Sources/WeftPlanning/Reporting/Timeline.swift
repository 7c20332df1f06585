import WeftGraph
import WeftProvider

/// The predicted timeline of a plan: when its segments run, and its transfers. Times are in seconds.
package struct Timeline {
    /// The copy of a value from one memory space to another.
    package struct Transfer {
        package let value: Int
        package let from: Int
        package let to: Int
        package let bytes: Int
        package let seconds: Double
        /// The segment that makes it; nil for an input of the graph.
        package let maker: Int?
        /// The segment that reads it first; nil for an output of the graph.
        package let reader: Int?
    }

    /// Start and end of each segment, with the transfers that are charged to it.
    package let ends: [(start: Double, end: Double)]
    package let transfers: [Transfer]
    package let seconds: Double
}

extension Placer {
    /// Adds the predicted timeline of a draft to its report, which has the entries of the graph's nodes and units.
    func addTimeline(of draft: Draft, to report: inout PlacementReport) {
        let (frame, work) = (graph.frames[0], draft.works[0])
        let timeline = WorkSimulation(work, outputs: frame.outputs, spaces: spaces).timeline(work.segments)
        var entryOf: [Int: Int] = [:]
        for (entry, node) in frame.nodes.enumerated() { entryOf[node] = entry }
        var unit = frame.nodes.count
        var entries: [[Int]] = []
        for item in work.items {
            if let node = item.node {
                entries.append(node.members.compactMap { entryOf[$0] })
            } else {
                entries.append([unit])
                unit += 1
            }
        }
        report.orders = draft.works.map { $0.segments.map(\.items) }
        for (segment, span) in zip(work.segments, timeline.ends) {
            report.timedSegments.append(
                .init(
                    device: segment.device.map { devices[$0].description.id } ?? "engine", start: span.start,
                    end: span.end, nodes: segment.items.flatMap { entries[$0] }))
        }
        // Transfers to the host come at the end of the maker's segment, all others at the start of the reader's.
        var arrived = timeline.ends.map(\.start)
        var left = timeline.ends.map(\.end)
        for transfer in timeline.transfers.reversed() where transfer.to == 0 {
            if let maker = transfer.maker { left[maker] -= transfer.seconds }
        }
        for transfer in timeline.transfers {
            var start = 0.0
            if transfer.to == 0, let maker = transfer.maker {
                start = left[maker]
                left[maker] += transfer.seconds
            } else if let reader = transfer.reader {
                start = arrived[reader]
                arrived[reader] += transfer.seconds
            }
            report.timedTransfers.append(
                .init(
                    value: work.values[transfer.value].name, from: spaces.names[transfer.from],
                    to: spaces.names[transfer.to], bytes: transfer.bytes, start: start, seconds: transfer.seconds,
                    maker: transfer.maker, reader: transfer.reader))
        }
    }
}
