import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// The triangles between neighbouring centres on the mel scale, rounded to bins of the spectrum.
    static let melWeightMatrix = SupportRow(
        "MelWeightMatrix",
        types: TypeConstraint([.int32, .int64], operands: [3: .floating, 4: .floating]),
        if: .constant(input: 0) && .constant(input: 1) && .constant(input: 2) && .constant(input: 3)
            && .constant(input: 4),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 4, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            func number(_ index: Int) throws(WeftError) -> Double {
                guard let constant = node.view.input(index)?.constant, constant.elementCount == 1 else {
                    throw WeftError(.invalidModel, "input \(index) should be one number", node: node.view.label)
                }
                if let scalar = constant.scalar { return Double(scalar) }
                return Double(try constant.integers(node: node.view.label)[0])
            }
            let shape = node.view.outputShape(0)
            let (bins, rows) = (shape[1], shape[0])
            let (length, rate) = (try number(1), try number(2))
            func mel(_ hertz: Double) -> Double { 2595 * (1 + hertz / 700).decimalLogarithm }
            let (low, high) = (mel(try number(3)), mel(try number(4)))
            let edges = (0..<(bins + 2)).map { index -> Double in
                let point = low + Double(index) * (high - low) / Double(bins + 2)
                let hertz = 700 * ((10 as Double).power(point / 2595) - 1)
                return ((length + 1) * hertz / rate).rounded(.down)
            }
            guard edges.allSatisfy({ $0.magnitude < 0x1p40 }) else {
                throw WeftError(.invalidModel, "the edges or the sample rate give no bands", node: node.view.label)
            }
            let write = try CastWriter().dispatch(node.view.outputType(0))
            return { invocation throws(WeftError) in
                let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                for index in 0..<rows * bins { write(y, index, 0) }
                for bin in 0..<bins {
                    let (left, centre, right) = (Int(edges[bin]), Int(edges[bin + 1]), Int(edges[bin + 2]))
                    if left == centre {
                        if (0..<rows).contains(centre) { write(y, centre * bins + bin, 1) }
                    } else {
                        for row in Swift.max(0, left)..<Swift.max(0, left, Swift.min(rows, centre + 1)) {
                            write(y, row * bins + bin, Double(row - left) / Double(centre - left))
                        }
                    }
                    guard right > centre else { continue }
                    for row in Swift.max(0, centre)..<Swift.max(0, centre, Swift.min(rows, right)) {
                        write(y, row * bins + bin, Double(right - row) / Double(right - centre))
                    }
                }
            }
        })
}
