package import WeftInterpreter
import WeftProvider

/// What devices with limits have left for a plan that is to be made, and what constants take there.
package struct DeviceRoom: Sendable {
    /// Bytes that are taken whatever the plan is, by device: weights that plans use, contexts that wait for this one.
    package var taken: [Int: Int] = [:]
    /// What packing has shown of constants, by device.
    package var sizes: [Int: PackedStore.Sizes] = [:]

    package init(taken: [Int: Int] = [:], sizes: [Int: PackedStore.Sizes] = [:]) {
        self.taken = taken
        self.sizes = sizes
    }

    /// Bytes that a constant takes besides what is taken: none where a plan uses it already, as many as it took when it
    /// was packed, else those of the model, and what others grew by when they were packed.
    func bytes(of constant: Constant, on device: Int) -> Int {
        guard let size = constant.elementType.byteCount(constant.elementCount) else { return 0 }
        guard let sizes = sizes[device] else { return size }
        if let used = sizes.used[constant.id] { return max(0, (sizes.packed[constant.id] ?? used) - used) }
        return sizes.packed[constant.id] ?? Int((Double(size) * sizes.ratio).rounded(.up))
    }

    /// Bytes of the constants that nodes on a device read, each once.
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

    /// Whether packing has shown more constants than it had.
    package func knows(more before: DeviceRoom) -> Bool {
        sizes.contains { $1.packed.count > before.sizes[$0]?.packed.count ?? 0 }
    }
}
