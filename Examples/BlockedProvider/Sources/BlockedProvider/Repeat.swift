public import WeftProvider
import WeftProviderKit

/// `com.example.Repeat`: a tensor so many times under each other, multiplied by `scale`.
public enum Repeat {
    /// Inputs: X of float32, and how often, an int64 scalar. Output: a tensor with that count as its first axis.
    public static let definition = CustomOperator(
        "Repeat", domain: "com.example", sinceVersion: 2, inputs: 2...2, attributes: [.float("scale", 1)],
        hostInputs: [1]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard let shape = inference.shape(0), let count = try inference.ints(1)?.first else {
            return try inference.set(output: 0, type, nil)
        }
        guard count >= 0 else { throw WeftError(.invalidModel, "the count should not be negative, is \(count)") }
        try inference.set(output: 0, type, [count] + shape)
    }

    static let kernel = HostKernel { node throws(WeftError) in
        let scale = try node.view.float("scale")
        let size = node.view.inputShape(0).elementCount
        let count = node.view.outputShape(0).first ?? 0
        return { invocation throws(WeftError) in
            let (x, y) = (invocation.input(0, as: Float.self), invocation.output(0, as: Float.self))
            for copy in 0..<count { for index in 0..<size { y[copy * size + index] = x[index] * scale } }
        }
    }
}
