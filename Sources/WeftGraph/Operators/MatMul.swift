import WeftProvider

extension Operator {
    /// The matrix product over the last two axes; leading axes broadcast, a vector gains an axis and loses it again.
    package static let matMul = Operator(
        "MatMul", since: 13, inputs: 2...2,
        flops: { node in
            let depth = Double(node.inputShape(0).last ?? 1)
            return 2 * depth * node.outputShape(0).reduce(1.0) { $0 * Double($1) }
        }
    ) { inference throws(WeftError) in
        let type = try Rules.sameType(inference)
        guard let a = inference.shape(0), let b = inference.shape(1) else { return try inference.set(type, nil) }
        try inference.set(type, try Rules.product(a, b))
    }
}

extension Rules {
    /// The shape of the matrix product of tensors of the given shapes. Throws where they do not multiply.
    static func product(_ a: [Int], _ b: [Int]) throws(WeftError) -> [Int] {
        guard !a.isEmpty, !b.isEmpty else {
            throw WeftError(.invalidModel, "operands have shapes \(a) and \(b): a scalar has no matrix product")
        }
        let left = a.count == 1 ? [1, a[0]] : a
        let right = b.count == 1 ? [b[0], 1] : b
        guard left[left.count - 1] == right[right.count - 2] else {
            throw WeftError(
                .invalidModel,
                "shapes \(a) and \(b) do not multiply: \(left[left.count - 1]) columns meet "
                    + "\(right[right.count - 2]) rows")
        }
        var shape = try Inference.broadcast([Array(left.dropLast(2)), Array(right.dropLast(2))])
        if a.count > 1 { shape.append(left[left.count - 2]) }
        if b.count > 1 { shape.append(right[right.count - 1]) }
        return shape
    }
}
