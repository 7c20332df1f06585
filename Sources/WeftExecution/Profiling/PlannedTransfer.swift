import WeftProvider

/// The transfer of a value from one memory to another, in the form that profiles need.
package struct PlannedTransfer: Sendable {
    /// A node or step of a plan that a value comes from or goes to.
    enum Point: Sendable, Hashable {
        case node(segment: Int, index: Int)
        case step(Int)
    }

    package let value: Int
    let name: String
    package let bytes: Int
    /// Memory spaces; zero is the host's.
    let from: Int
    package let to: Int
    /// The segment that copies it from its staging, or to it.
    ///
    /// It may be the number of no segment if memory is shared and only bodies read the value.
    package let segment: Int
    /// The step in which the host copies it; nil if there is none.
    package var copy: Int?
    /// Who makes and who reads the value; nil for the caller, who gives inputs and takes outputs.
    var producer: Point?
    var consumer: Point?

    /// The device whose memory it goes to or comes from, as an index into the engine's.
    package var device: Int { (to == 0 ? from : to) - 1 }
}

/// Collects a plan's transfers while its steps are written.
struct TransferLog {
    private struct Reading: Hashable {
        let value: Int
        let space: Int
    }

    private var transfers: [PlannedTransfer] = []
    private var makers: [Int: PlannedTransfer.Point] = [:]
    private var readers: [Reading: PlannedTransfer.Point] = [:]

    mutating func made(_ value: Int, at point: PlannedTransfer.Point) { makers[value] = point }

    /// Notes a reader of a value; only the first one in each memory counts.
    mutating func read(_ value: Int, in space: Int, at point: PlannedTransfer.Point) {
        let reading = Reading(value: value, space: space)
        if readers[reading] == nil { readers[reading] = point }
    }

    /// Adds a transfer and returns its number.
    mutating func transfer(
        _ value: Int, _ name: String, bytes: Int, from: Int, to: Int, segment: Int, copy: Int?
    ) -> Int {
        transfers.append(
            PlannedTransfer(value: value, name: name, bytes: bytes, from: from, to: to, segment: segment, copy: copy))
        return transfers.count - 1
    }

    /// Notes that a step of the host copies the value out of staging.
    mutating func copied(_ transfer: Int, by step: Int) { transfers[transfer].copy = step }

    /// All transfers, each with the maker and the first reader of its value.
    func finished() -> [PlannedTransfer] {
        transfers.map { transfer in
            var transfer = transfer
            transfer.producer = makers[transfer.value]
            transfer.consumer = readers[Reading(value: transfer.value, space: transfer.to)]
            return transfer
        }
    }
}
