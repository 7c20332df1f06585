import WeftGraph
import WeftProvider
import WeftProviderKit

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A node to be timed: an operator, its operands' shapes, and how many operations it stands for.
struct KernelCase {
    /// A float32 operand.
    struct Input {
        let shape: [Int]
        var isConstant = false

        /// Seeded numbers from -1 up to 1.
        func tensor(seed: Int) -> Tensor {
            var state = UInt32(truncatingIfNeeded: seed &* 7919 &+ 17)
            let elements = (0..<shape.elementCount).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return Float(Int32(bitPattern: state)) / Float(1 << 31)
            }
            return Tensor(elements, shape: shape)
        }
    }

    let family: String
    let name: String
    let opType: String
    var domain = ""
    let inputs: [Input]
    var attributes: [String: Attribute] = [:]
    /// `SiLU`, applied by the kernel itself where it is a convolution.
    var activation: String?
    /// Two a multiply-add; zero where only the bytes count.
    var flops = 0.0

    /// The node with its shapes inferred and its attributes complete.
    func plainView(_ tensors: [Tensor]) throws -> NodeView {
        if domain == LayoutConversion.domain {
            return NodeView(
                id: 0, name: name, domain: domain, opType: opType,
                inputs: [Operand(value: 0, type: .tensor(.float32, .fixed(inputs[0].shape)))],
                outputs: [Operand(value: 1, type: .tensor(.float32, .fixed(inputs[0].shape)))])
        }
        var builder = GraphBuilder()
        let numbers = inputs.map { input in
            builder.value(
                type: .tensor(.float32, .fixed(input.shape)), dimensions: input.shape.map { .fixed($0) })
        }
        try builder.append(
            NodeDraft(
                opType, name: name, inputs: numbers, outputs: [builder.value()], attributes: attributes), opset: 24)
        guard let node = builder.build().nodes.first, let schema = OperatorTable.schema(node.opType, domain: "") else {
            throw BenchmarkError("\(name): there is no operator \(opType)")
        }
        let contents = zip(inputs, tensors).map { $0.isConstant ? ConstantFactory.constant($1) : nil }
        var inference = Inference(
            node, inputs: inputs.map { .tensor(.float32, .fixed($0.shape)) }, contents: contents)
        try schema.infer(&inference)
        return NodeView(
            id: 0, name: name, opType: node.opType, sinceVersion: node.version,
            inputs: inputs.indices.map { index in
                Operand(
                    value: node.inputs[index], type: .tensor(.float32, .fixed(inputs[index].shape)),
                    constant: contents[index])
            },
            outputs: zip(node.outputs, inference.outputs).map { value, type in
                type.map { Operand(value: value, type: $0) }
            },
            attributes: inference.attributes)
    }

    /// The node as it is timed: with its activation, if it has one.
    func view(_ tensors: [Tensor]) throws -> NodeView {
        let plain = try plainView(tensors)
        guard let activation else { return plain }
        var attributes = plain.attributes
        attributes["activation"] = .string(activation)
        attributes[FusedNode.alpha] = .float(1)
        attributes[FusedNode.beta] = .float(0)
        attributes["residual"] = .string(ResidualPosition.none.rawValue)
        return NodeView(
            id: 0, name: name, domain: FusedNode.domain, opType: FusedNode.opType(of: opType), inputs: plain.inputs,
            outputs: plain.outputs, attributes: attributes)
    }

    /// What the activation makes of the plain kernel's output.
    func finish(_ output: [Float]) -> [Float] {
        guard activation == "SiLU" else { return output }
        return output.map { $0 / (1 + exp(-$0)) }
    }
}
