import Foundation
import Testing
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

@testable import WeftCPU

/// Convolutions over pixels (panel, Winograd, depthwise, with epilogues) against the plain loops.
struct ConvPixelsTests {
    struct Shape: Sendable, CustomStringConvertible {
        var batch = 1
        var channels: Int
        var filters: Int
        var size: (Int, Int)
        var kernel: (Int, Int) = (3, 3)
        var stride: (Int, Int) = (1, 1)
        var dilation: (Int, Int) = (1, 1)
        var pads = [1, 1, 1, 1]
        var group = 1
        var activation = "none"
        var residual = "none"
        var bias = true

        var output: [Int] {
            func length(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ pad: Int) -> Int {
                (size + pad - dilation * (kernel - 1) - 1) / stride + 1
            }
            return [
                batch, filters, length(size.0, kernel.0, stride.0, dilation.0, pads[0] + pads[2]),
                length(size.1, kernel.1, stride.1, dilation.1, pads[1] + pads[3]),
            ]
        }
        var description: String {
            "\(batch)x\(channels)x\(size) to \(filters), kernel \(kernel) stride \(stride) group \(group) \(activation) \(residual)"
        }
    }

    static let shapes: [Shape] = [
        Shape(channels: 3, filters: 16, size: (17, 19), stride: (2, 2), activation: "SiLU"),
        Shape(channels: 16, filters: 8, size: (12, 12), activation: "Relu"),
        Shape(batch: 2, channels: 24, filters: 40, size: (9, 11), activation: "SiLU", residual: "after"),
        Shape(channels: 33, filters: 17, size: (14, 14), residual: "before", bias: false),
        Shape(channels: 64, filters: 64, size: (16, 16), activation: "Relu", residual: "before"),
        Shape(channels: 64, filters: 64, size: (20, 20), stride: (2, 2)),
        Shape(channels: 20, filters: 30, size: (7, 5), kernel: (1, 1), pads: [0, 0, 0, 0], activation: "Clip"),
        Shape(channels: 12, filters: 12, size: (13, 13), kernel: (1, 1), stride: (2, 2), pads: [0, 0, 0, 0]),
        Shape(channels: 19, filters: 19, size: (15, 14), group: 19, activation: "HardSwish"),
        Shape(channels: 8, filters: 8, size: (10, 10), kernel: (5, 5), stride: (2, 2), pads: [2, 2, 2, 2], group: 8),
        Shape(channels: 12, filters: 18, size: (8, 8), group: 3, activation: "Sigmoid"),
        Shape(channels: 6, filters: 5, size: (12, 9), dilation: (2, 3), pads: [2, 3, 2, 3], activation: "Gelu"),
        Shape(channels: 4, filters: 6, size: (10, 7), kernel: (3, 1), pads: [1, 0, 0, 0], activation: "Tanh"),
    ]

    static func noise(_ count: Int, _ seed: UInt32) -> [Float] {
        var state = seed | 1
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Float(state >> 8) / Float(1 << 23) - 1
        }
    }

    static func constant(_ id: UInt64, _ values: [Float], _ shape: [Int]) -> Constant {
        Constant(
            id: id, elementType: .float32, shape: shape,
            payload: .bytes(BufferConstant(Tensor(values, shape: shape).storage)))
    }

    static func activate(_ x: Double, _ name: String) -> Double {
        switch name {
        case "Relu": max(x, 0)
        case "Clip": min(max(x, -0.5), 0.75)
        case "SiLU": x / (1 + exp(-x))
        case "Sigmoid": 1 / (1 + exp(-x))
        case "HardSwish": x * min(max(x / 6 + 0.5, 0), 1)
        case "Tanh": tanh(x)
        case "Gelu": x / 2 * (1 + erf(x / 2.0.squareRoot()))
        default: x
        }
    }

    @Test(arguments: shapes, [1, 3]) func everyVariantEqualsPlainLoops(_ shape: Shape, _ threads: Int) throws {
        let provider = CPUProvider()
        let device = HostDevice(CPUProvider.device, provider: provider)
        let runner = NodeRunner(provider, device: device, workers: ManyWorkers(threads))
        let inputShape = [shape.batch, shape.channels, shape.size.0, shape.size.1]
        let weightShape = [shape.filters, shape.channels / shape.group, shape.kernel.0, shape.kernel.1]
        let x = Tensor(Self.noise(inputShape.elementCount, 1), shape: inputShape)
        let residual = Tensor(Self.noise(shape.output.elementCount, 2), shape: shape.output)
        let weights = Self.constant(1, Self.noise(weightShape.elementCount, 3), weightShape)
        let bias = Self.constant(2, Self.noise(shape.filters, 4), [shape.filters])
        let attributes: [String: Attribute] = [
            "kernel_shape": .ints([Int64(shape.kernel.0), Int64(shape.kernel.1)]),
            "strides": .ints([Int64(shape.stride.0), Int64(shape.stride.1)]),
            "dilations": .ints([Int64(shape.dilation.0), Int64(shape.dilation.1)]),
            "pads": .ints(shape.pads.map { Int64($0) }), "group": .int(Int64(shape.group)),
            "auto_pad": .string("NOTSET"),
        ]
        func operand(_ value: Int, _ dimensions: [Int], _ constant: Constant? = nil, _ layout: Layout = .plain)
            -> Operand
        {
            Operand(value: value, type: .tensor(.float32, .fixed(dimensions)), constant: constant, layout: layout)
        }
        let biasOperand = shape.bias ? operand(2, [shape.filters], bias) : nil
        let plain = NodeView(
            id: 0, name: "plain", opType: "Conv",
            inputs: [operand(0, inputShape), operand(1, weightShape, weights), biasOperand],
            outputs: [operand(5, shape.output)], attributes: attributes)
        let reference = try runner.run([plain], inputs: [0: .tensor(x)], outputs: [5], variants: ["plain"])
        let product = try #require(reference[5]?.tensor).array(as: Float.self)
        let added: [Float] = try residual.array()
        let expected = product.indices.map { index -> Double in
            let (v, r) = (Double(product[index]), Double(added[index]))
            switch shape.residual {
            case "before": return Self.activate(v + r, shape.activation)
            case "after": return Self.activate(v, shape.activation) + r
            default: return Self.activate(v, shape.activation)
            }
        }

        var fusedAttributes = attributes
        fusedAttributes["activation"] = .string(shape.activation)
        fusedAttributes[FusedNode.alpha] = .float(shape.activation == "SiLU" ? 1 : -0.5)
        fusedAttributes[FusedNode.beta] = .float(shape.activation == "Clip" ? 0.75 : 0)
        fusedAttributes["residual"] = .string(shape.residual)
        var inputs: [Operand?] = [operand(10, inputShape, nil, .nhwc), operand(1, weightShape, weights), biasOperand]
        if shape.residual != "none" { inputs.append(operand(11, shape.output, nil, .nhwc)) }
        let fused = NodeView(
            id: 1, name: "fused", domain: FusedNode.domain, opType: "FusedConv", inputs: inputs,
            outputs: [operand(12, shape.output, nil, .nhwc)], attributes: fusedAttributes)
        func conversion(_ from: Operand, _ to: Operand) -> NodeView {
            NodeView(
                id: 2, name: "conversion", domain: LayoutConversion.domain,
                opType: LayoutConversion.opType(from: from.layout, to: to.layout), inputs: [from], outputs: [to])
        }
        let nodes = [
            conversion(operand(0, inputShape), operand(10, inputShape, nil, .nhwc)),
            conversion(operand(3, shape.output), operand(11, shape.output, nil, .nhwc)), fused,
            conversion(operand(12, shape.output, nil, .nhwc), operand(13, shape.output)),
        ]
        let variants = ConvPixels.variants(fused)
        try #require(!variants.isEmpty)
        for variant in variants {
            let results = try runner.run(
                nodes, inputs: [0: .tensor(x), 3: .tensor(residual)], outputs: [13],
                variants: ["transpose", "transpose", variant.name, "transpose"])
            let got = try #require(results[13]?.tensor).array(as: Float.self)
            var worst = 0.0
            for (a, b) in zip(got, expected) { worst = max(worst, abs(Double(a) - b) / max(1, abs(b))) }
            // Winograd's transforms cancel: 1e-5 of the greatest output, which is near 20 here.
            #expect(worst < 5e-4, "\(variant.name): \(worst)")
        }
    }
}

/// Chunks in order, handed round to several workers by turns.
final class ManyWorkers: Workers {
    let count: Int
    init(_ count: Int) { self.count = count }

    func forEach(_ chunks: Int, _ body: (Int, Int) -> Void) throws(WeftError) {
        for chunk in 0..<chunks { body(chunk, chunk % count) }
    }

    func checkCancellation() throws(WeftError) {}
}
