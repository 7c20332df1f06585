import WeftGraph
import WeftProvider

/// A model of a few chains of products, with its inputs.
struct SketchModel {
    let graph: Graph
    let inputs: [Value]

    struct Chain {
        /// What its nodes' names begin with.
        var name: String
        /// Rows and columns of its input and of its weights.
        var width: Int
        var operators: [String]

        /// Operations of all products.
        var productFlops: Double {
            let product = 2 * Double(width) * Double(width) * Double(width)
            return Double(operators.filter { $0 == "MatMul" }.count) * product
        }
    }

    /// Chains that share nothing: each has an input and an output.
    init(_ chains: [Chain]) throws(WeftError) {
        var builder = GraphBuilder(name: "chains")
        var inputs: [Value] = []
        for chain in chains {
            let shape = [chain.width, chain.width]
            func tensor(_ value: Float) -> Tensor {
                Tensor([Float](repeating: value, count: chain.width * chain.width), shape: shape)
            }
            let weight = builder.constant(ConstantFactory.constant(tensor(1 / Float(chain.width))))
            var value = builder.value(
                chain.name, type: .tensor(.float32, .fixed(shape)), dimensions: shape.map { .fixed($0) })
            builder.inputs.append(value)
            inputs.append(.tensor(tensor(0.5)))
            for (index, opType) in chain.operators.enumerated() {
                let name = "\(chain.name).\(index)"
                let result = builder.value("\(name).y")
                try builder.append(
                    NodeDraft(
                        opType, name: name, inputs: opType == "MatMul" ? [value, weight] : [value], outputs: [result]),
                    opset: 21)
                value = result
            }
            builder.outputs.append(value)
        }
        graph = builder.build()
        self.inputs = inputs
    }
}
