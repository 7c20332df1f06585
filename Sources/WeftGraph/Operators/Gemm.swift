import WeftProvider

extension Operator {
    /// alpha A B + beta C, either operand transposed on request; C broadcasts to the product's shape.
    package static let gemm = Operator(
        "Gemm", since: 13, inputs: 2...3,
        attributes: [.float("alpha", 1), .float("beta", 1), .int("transA", 0), .int("transB", 0)],
        lift: { draft, opset, _ throws(WeftError) in
            draft.attributes["broadcast"] = nil
            return false
        },
        flops: { node in
            let a = node.inputShape(0)
            guard a.count == 2, case .int(let transposed)? = node.attributes["transA"] else { return 0 }
            return 2 * Double(a[transposed != 0 ? 0 : 1]) * node.outputShape(0).reduce(1.0) { $0 * Double($1) }
        }
    ) { inference throws(WeftError) in
        let type = try Rules.sameType(inference)
        guard let a = inference.shape(0), let b = inference.shape(1) else { return try inference.set(type, nil) }
        guard a.count == 2, b.count == 2 else {
            throw WeftError(.invalidModel, "A has shape \(a), B \(b): both need rank 2")
        }
        let (rows, inner) = try inference.int("transA") != 0 ? (a[1], a[0]) : (a[0], a[1])
        let (depth, columns) = try inference.int("transB") != 0 ? (b[1], b[0]) : (b[0], b[1])
        guard inner == depth else {
            throw WeftError(.invalidModel, "A has \(inner) columns, B \(depth) rows (shapes \(a) and \(b))")
        }
        if let c = inference.shape(2), try Inference.broadcast([c, [rows, columns]]) != [rows, columns] {
            throw WeftError(.invalidModel, "C has shape \(c), which does not broadcast to [\(rows), \(columns)]")
        }
        try inference.set(type, [rows, columns])
    }
}
