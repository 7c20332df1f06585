import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let binarizer = features("Binarizer") { view throws(WeftError) in
        let threshold = Double(try view.float("threshold"))
        return { row in for index in row.indices { row[index] = row[index] > threshold ? 1 : 0 } }
    }

    static let scaler = features("Scaler") { view throws(WeftError) in
        func list(_ name: String, _ standard: Double) -> [Double] {
            guard case .floats(let list)? = view.attributes[name], !list.isEmpty else { return [standard] }
            return list.map { Double($0) }
        }
        let (offset, scale) = (list("offset", 0), list("scale", 1))
        return { row in
            for index in row.indices {
                row[index] = (row[index] - offset[index % offset.count]) * scale[index % scale.count]
            }
        }
    }

    static let normalizer = features("Normalizer") { view throws(WeftError) in
        let norm = try view.string("norm")
        return { row in
            let size =
                switch norm {
                case "L1": row.reduce(0) { $0 + $1.magnitude }
                case "L2": row.reduce(0) { $0 + $1 * $1 }.squareRoot()
                default: row.reduce(0) { Swift.max($0, $1.magnitude) }
                }
            guard size != 0 else { return }
            for index in row.indices { row[index] /= size }
        }
    }

    static let imputer = features("Imputer") { view throws(WeftError) in
        var (values, replaced) = ([0.0], Double.nan)
        if view.inputType(0)?.isInteger == true {
            values = try view.ints("imputed_value_int64s").map { Double($0) }
            replaced = Double(try view.int("replaced_value_int64"))
        } else {
            values = try view.floats("imputed_value_floats").map { Double($0) }
            replaced = Double(try view.float("replaced_value_float"))
        }
        let (imputed, wanted) = (values, replaced)
        return { row in
            for index in row.indices where row[index] == wanted || (row[index].isNaN && wanted.isNaN) {
                row[index] = imputed[index % imputed.count]
            }
        }
    }

    /// A row of the table for an operator that changes each line of features by itself.
    private static func features(
        _ opType: String,
        _ make: @escaping @Sendable (NodeView) throws(WeftError) -> @Sendable (inout [Double]) -> Void
    ) -> SupportRow {
        SupportRow(
            opType, domain: "ai.onnx.ml", types: TypeConstraint([.float32, .float64, .int32, .int64]),
            variants: { node, _ in
                [Variant("plain", work: .elements(of: node, flopsPerElement: 4, rate: .reference))]
            },
            kernel: HostKernel { node throws(WeftError) in
                let change = try make(node.view)
                let length = node.view.inputShape(0).last ?? 1
                let rows = length == 0 ? 0 : node.view.inputShape(0).elementCount / length
                let read = try CastReader().dispatch(node.view.inputType(0))
                let write = try CastWriter().dispatch(node.view.outputType(0))
                return { invocation throws(WeftError) in
                    let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
                    let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                    try invocation.workers.forEachRange(of: rows, grain: 1 + 4096 / Swift.max(1, length)) { range, _ in
                        for row in range {
                            var line = (0..<length).map { read(x, row * length + $0) }
                            change(&line)
                            for index in 0..<length { write(y, row * length + index, line[index]) }
                        }
                    }
                }
            })
    }
}
