import WeftProvider

extension Operator {
    /// The upper or lower triangle of each matrix, zeros elsewhere; the second input moves the diagonal.
    package static let trilu = Operator(
        "Trilu", since: 14, inputs: 1...2, attributes: [.int("upper", 1)], hostInputs: [1]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        if let x = inference.shape(0), x.count < 2 {
            throw WeftError(.invalidModel, "shape \(x) should have at least two axes")
        }
        if let diagonal = try inference.ints(1), diagonal.count != 1 {
            throw WeftError(.invalidModel, "input 1 should be one number")
        }
        try inference.set(type, inference.shape(0))
    }

    /// Each of a batch's sequences reversed over its own length, the rest of it unchanged.
    package static let reverseSequence = Operator(
        "ReverseSequence", since: 28, inputs: 2...2, attributes: [.int("batch_axis", 1), .int("time_axis", 0)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        let axes = [try inference.int("batch_axis"), try inference.int("time_axis")]
        guard Set(axes) == [0, 1] else {
            throw WeftError(.invalidModel, "batch_axis and time_axis should be 0 and 1, are \(axes)")
        }
        if let x = inference.shape(0) {
            guard x.count >= 2 else { throw WeftError(.invalidModel, "shape \(x) should have at least two axes") }
            if let lengths = inference.shape(1), lengths != [x[axes[0]]] {
                throw WeftError(.invalidModel, "lengths of shape \(lengths) should have shape [\(x[axes[0]])]")
            }
        }
        try inference.set(type, inference.shape(0))
    }
}
