package import WeftInterpreter
import WeftProvider

/// The memory that is taken already on devices with limits, and the sizes of constants there, for a new plan.
package struct DeviceRoom: Sendable {
    /// Bytes that are taken whatever the new plan is, by device: constants that plans use, and for a plan that is made
    /// during a run, the contexts of runs under way.
    package var taken: [Int: Int] = [:]
    /// Sizes of constants as far as they were packed, by device.
    package var sizes: [Int: PackedStore.Sizes] = [:]

    package init(taken: [Int: Int] = [:], sizes: [Int: PackedStore.Sizes] = [:]) {
        self.taken = taken
        self.sizes = sizes
    }

    /// Bytes that a constant takes in addition to what is taken.
    ///
    /// A constant that plans use takes only the packed bytes that are not in use yet, normally none. Any other takes
    /// the bytes that it had when it was packed; if it never was, its bytes in the model times the device's ratio.
    func bytes(of constant: Constant, on device: Int) -> Int {
        guard let size = constant.elementType.byteCount(constant.elementCount) else { return 0 }
        guard let sizes = sizes[device] else { return size }
        if let used = sizes.used[constant.id] { return max(0, (sizes.packed[constant.id] ?? used) - used) }
        return sizes.packed[constant.id] ?? Int((Double(size) * sizes.ratio).rounded(.up))
    }

    /// Bytes of all constants that the nodes on a device read; each constant counts once.
    package func bytes(of nodes: some Sequence<PlacedNode>, on device: Int) -> Int {
        var seen: Set<UInt64> = []
        var bytes = 0
        for node in nodes where node.device == device {
            for case let operand? in node.view.inputs {
                guard let constant = operand.constant, seen.insert(constant.id).inserted else { continue }
                bytes += self.bytes(of: constant, on: device)
            }
        }
        return bytes
    }

    /// Whether the packed sizes of more constants are known than in `before`, on any device.
    package func knows(more before: DeviceRoom) -> Bool {
        sizes.contains { $1.packed.count > before.sizes[$0]?.packed.count ?? 0 }
    }
}
