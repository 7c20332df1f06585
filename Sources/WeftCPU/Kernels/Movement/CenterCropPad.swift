import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let centerCropPad = SupportRow(
        "CenterCropPad", types: TypeConstraint(.fixedSize, operands: [1: [.int32, .int64]]), if: .constant(input: 1),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let (x, y) = (node.view.inputShape(0), node.view.outputShape(0))
            let width = node.view.inputType(0)?.byteWidth ?? 1
            let bytes = node.view.output(0)?.type.byteCount ?? 0
            // The part that both have: its size, and where it begins in each.
            let sizes = zip(x, y).map { Swift.min($0, $1) }
            let from = zip(x, sizes).map { ($0 - $1) / 2 }
            let to = zip(y, sizes).map { ($0 - $1) / 2 }
            let (sourceSteps, targetSteps) = (x.rowMajorStrides, y.rowMajorStrides)
            let row = sizes.last ?? 1
            let rows = sizes.dropLast().reduce(1, &*)
            return { invocation throws(WeftError) in
                let source = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
                let target = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                target.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
                for index in 0..<rows {
                    var (rest, first, second) = (index, from.last ?? 0, to.last ?? 0)
                    for axis in sizes.indices.dropLast().reversed() {
                        let place = rest % sizes[axis]
                        rest /= sizes[axis]
                        first += (from[axis] + place) * sourceSteps[axis]
                        second += (to[axis] + place) * targetSteps[axis]
                    }
                    (target + second * width).copyMemory(from: source + first * width, byteCount: row * width)
                }
            }
        })
}
