import WeftProvider

extension Operator {
    /// The determinant of each square matrix [*, M, M].
    package static let det = Operator("Det", since: 22, inputs: 1...1) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        guard let x = inference.shape(0) else { return try inference.set(type, nil) }
        guard x.count >= 2, x[x.count - 1] == x[x.count - 2] else {
            throw WeftError(.invalidModel, "the input has shape \(x), its last two axes should be a square")
        }
        try inference.set(type, Array(x.dropLast(2)))
    }
}
