import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// By elimination in double precision, the greatest element of a column leading; matrices in parallel.
    static let det = SupportRow(
        "Det", types: TypeConstraint(.floating),
        variants: { node, _ in
            let side = Double(node.inputShape(0).last ?? 1)
            return [Variant("plain", work: .elements(of: node, flopsPerElement: side * side * side, rate: .reference))]
        }, kernel: DetReference.kernel)
}

private enum DetReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let side = node.view.inputShape(0).last ?? 0
        let count = node.view.outputShape(0).elementCount
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: count) { range, _ in
                for matrix in range {
                    let source = x + matrix * side * side
                    var rows = (0..<side).map { row in
                        (0..<side).map { source[row * side + $0].work.double }
                    }
                    y[matrix] = E(work: E.Work(determinant(&rows)))
                }
            }
        }
    }

    private static func determinant(_ rows: inout [[Double]]) -> Double {
        var product = 1.0
        for column in rows.indices {
            var lead = column
            for row in column..<rows.count where rows[row][column].magnitude > rows[lead][column].magnitude {
                lead = row
            }
            if lead != column {
                rows.swapAt(lead, column)
                product = -product
            }
            let pivot = rows[column][column]
            product *= pivot
            guard pivot != 0 else { return product }
            for row in (column + 1)..<Swift.max(rows.count, column + 1) {
                let factor = rows[row][column] / pivot
                for index in column..<rows.count { rows[row][index] -= factor * rows[column][index] }
            }
        }
        return product
    }
}
