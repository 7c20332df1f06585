import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let tensorScatter = SupportRow(
        "TensorScatter", types: TypeConstraint(.fixedSize),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let (cache, update) = (node.view.inputShape(0), node.view.inputShape(1))
            let axis = try node.view.int("axis")
            let circular = try node.view.string("mode") == "circular"
            let (size, length) = (cache[axis], update[axis])
            let entries = cache[1..<axis].reduce(1, &*)
            let row = cache[(axis + 1)...].reduce(1, &*) * (node.view.inputType(0)?.byteWidth ?? 1)
            let bytes = node.view.output(0)?.type.byteCount ?? 0
            return { invocation throws(WeftError) in
                let positions = invocation.optionalInput(2, as: Int64.self)
                for batch in 0..<cache[0] {
                    let first = positions?[batch] ?? 0
                    guard first >= 0, circular || first <= Int64(size - length) else {
                        throw WeftError(
                            .invalidData, "an update of \(length) from position \(first) leaves the cache of \(size)")
                    }
                }
                let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
                let new = UnsafeRawPointer(invocation.input(1, as: UInt8.self))
                let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                y.copyMemory(from: x, byteCount: bytes)
                for entry in 0..<cache[0] * entries {
                    let first = Int((positions?[entry / entries] ?? 0) % Int64(Swift.max(1, size)))
                    for step in 0..<length {
                        let target = (first + step) % size
                        (y + (entry * size + target) * row).copyMemory(
                            from: new + (entry * length + step) * row, byteCount: row)
                    }
                }
            }
        })
}
