import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let blackmanWindow = window("BlackmanWindow", [0.42, -0.5, 0.08])
    static let hammingWindow = window("HammingWindow", [25 / 46, -21 / 46])
    static let hannWindow = window("HannWindow", [0.5, -0.5])

    /// A sum of cosines of whole multiples of the window's own frequency.
    private static func window(_ opType: String, _ terms: [Double]) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint([.int32, .int64]), if: .constant(input: 0),
            variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 20, rate: .reference))]
            },
            kernel: HostKernel { node throws(WeftError) in
                let size = node.view.outputShape(0).elementCount
                let period = Swift.max(1, try node.view.flag("periodic") ? size : size - 1)
                let write = try CastWriter().dispatch(node.view.outputType(0))
                return { invocation throws(WeftError) in
                    let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                    for index in 0..<size {
                        let angle = 2 * Double.pi * Double(index) / Double(period)
                        var value = 0.0
                        for (multiple, term) in terms.enumerated() {
                            value += term * (Double(multiple) * angle).cosine
                        }
                        write(y, index, value)
                    }
                }
            })
    }
}
