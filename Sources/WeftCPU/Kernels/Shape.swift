import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// The dimensions `start` ..< `end` of the input, as int64. The input's elements are not read.
    static let shape = SupportRow(
        "Shape", types: TypeConstraint(Set(ElementType.allCases)),
        variants: { _, _ in [Variant("plain", work: Work(.reference, flops: 0, bytes: 64))] },
        kernel: HostKernel { node throws(WeftError) in
            let dimensions = node.view.inputShape(0)
            let rank = dimensions.count
            func bound(_ name: String, _ standard: Int) throws(WeftError) -> Int {
                guard node.view.attributes[name] != nil else { return standard }
                let value = try node.view.int(name)
                return Swift.max(0, Swift.min(value < 0 ? value + rank : value, rank))
            }
            let start = try bound("start", 0)
            let slice = dimensions[start..<Swift.max(start, try bound("end", rank))].map { Int64($0) }
            return { invocation throws(WeftError) in
                let output = invocation.output(0, as: Int64.self)
                for (index, size) in slice.enumerated() { output[index] = size }
            }
        })
}
