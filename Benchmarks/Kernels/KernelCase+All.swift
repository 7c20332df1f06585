import WeftProvider

extension KernelCase {
    /// Every case, family by family: sizes as common vision and language models have them.
    static let all = products + convolutions + depthwise + elementwise + rows + layouts

    private static let products: [KernelCase] = [
        product(197, 192, 576), product(197, 192, 768), product(197, 768, 192), product(16, 384, 384),
        product(16, 384, 1536), product(1, 256, 1024), product(1024, 1024, 1024),
    ]

    private static let convolutions: [KernelCase] = [
        convolution(64, 64, side: 56, window: 3), convolution(128, 128, side: 28, window: 3),
        convolution(256, 256, side: 14, window: 3), convolution(512, 512, side: 7, window: 3),
        convolution(64, 64, side: 80, window: 3, activation: "SiLU"),
        convolution(32, 32, side: 160, window: 3, activation: "SiLU"),
        convolution(16, 16, side: 160, window: 3, activation: "SiLU"),
        convolution(64, 128, side: 80, window: 3, stride: 2, activation: "SiLU"),
        convolution(64, 64, side: 160, window: 3, stride: 2, activation: "SiLU"),
        convolution(3, 16, side: 640, window: 3, stride: 2), convolution(3, 64, side: 224, window: 7, stride: 2),
        convolution(64, 256, side: 56, window: 1), convolution(256, 64, side: 56, window: 1),
        convolution(512, 2048, side: 7, window: 1), convolution(320, 1280, side: 7, window: 1),
        convolution(24, 144, side: 56, window: 1), convolution(96, 24, side: 56, window: 1),
    ]

    private static let depthwise: [KernelCase] = [
        convolution(96, 96, side: 112, window: 3, stride: 2, isDepthwise: true),
        convolution(144, 144, side: 56, window: 3, isDepthwise: true),
        convolution(576, 576, side: 14, window: 3, isDepthwise: true),
        convolution(960, 960, side: 7, window: 3, isDepthwise: true),
        convolution(80, 80, side: 28, window: 7, isDepthwise: true),
    ]

    private static let elementwise: [KernelCase] = [
        unary("Relu"), unary("Sigmoid"), unary("Tanh"), unary("Exp"), unary("Erf"),
        unary("Gelu", ["approximate": .string("none")]), unary("HardSwish"),
        binary("Add", [1, 64, 80, 80], [1, 64, 80, 80]), binary("Mul", [1, 64, 80, 80], [1, 64, 1, 1]),
        binary("Add", [197, 768], [768]),
    ]

    private static let rows: [KernelCase] = [
        KernelCase(
            family: "rows", name: "Softmax 12x197x197", opType: "Softmax", inputs: [.init(shape: [12, 197, 197])],
            attributes: ["axis": .int(-1)]),
        KernelCase(
            family: "rows", name: "Softmax 1x16x8400 axis 1", opType: "Softmax", inputs: [.init(shape: [1, 16, 8400])],
            attributes: ["axis": .int(1)]),
        KernelCase(
            family: "rows", name: "LayerNormalization 197x768", opType: "LayerNormalization",
            inputs: [
                .init(shape: [197, 768]), .init(shape: [768], isConstant: true),
                .init(shape: [768], isConstant: true),
            ], attributes: ["axis": .int(-1)]),
        KernelCase(
            family: "rows", name: "GlobalAveragePool 512@7", opType: "GlobalAveragePool",
            inputs: [.init(shape: [1, 512, 7, 7])]),
        KernelCase(
            family: "rows", name: "MaxPool 3x3 s2 64@112", opType: "MaxPool",
            inputs: [.init(shape: [1, 64, 112, 112])],
            attributes: [
                "kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1]),
            ]),
    ]

    private static let layouts: [KernelCase] = [
        ("ToNHWC", [1, 64, 80, 80]), ("FromNHWC", [1, 64, 80, 80]), ("ToNHWC", [1, 3, 640, 640]),
    ].map { opType, shape in
        KernelCase(
            family: "layouts", name: "\(opType) \(shape[1])@\(shape[2])", opType: opType,
            domain: LayoutConversion.domain, inputs: [.init(shape: shape)])
    }

    private static func product(_ rows: Int, _ depth: Int, _ columns: Int) -> KernelCase {
        KernelCase(
            family: "products", name: "MatMul \(rows)x\(depth)x\(columns)", opType: "MatMul",
            inputs: [.init(shape: [rows, depth]), .init(shape: [depth, columns], isConstant: true)],
            flops: 2 * Double(rows * depth * columns))
    }

    private static func convolution(
        _ channels: Int, _ filters: Int, side: Int, window: Int, stride: Int = 1, isDepthwise: Bool = false,
        activation: String? = nil
    ) -> KernelCase {
        let depth = isDepthwise ? 1 : channels
        let pad = Int64(window / 2)
        let out = (side + stride - 1) / stride
        let size = isDepthwise || channels == filters ? "\(channels)" : "\(channels)->\(filters)"
        let name = "\(window)x\(window)\(stride > 1 ? " s\(stride)" : "")\(activation.map { " + \($0)" } ?? "")"
        return KernelCase(
            family: isDepthwise ? "depthwise" : "convolutions",
            name: "\(isDepthwise ? "depthwise" : "Conv") \(name) \(size)@\(side)", opType: "Conv",
            inputs: [
                .init(shape: [1, channels, side, side]),
                .init(shape: [filters, depth, window, window], isConstant: true),
                .init(shape: [filters], isConstant: true),
            ],
            attributes: [
                "kernel_shape": .ints([Int64(window), Int64(window)]),
                "strides": .ints([Int64(stride), Int64(stride)]), "pads": .ints([pad, pad, pad, pad]),
                "group": .int(isDepthwise ? Int64(channels) : 1),
            ], activation: activation,
            flops: 2 * Double(filters * out * out) * Double(depth * window * window))
    }

    private static func unary(
        _ opType: String, _ attributes: [String: Attribute] = [:]
    ) -> KernelCase {
        KernelCase(
            family: "elementwise", name: "\(opType) 409600", opType: opType, inputs: [.init(shape: [1, 64, 80, 80])],
            attributes: attributes)
    }

    private static func binary(_ opType: String, _ left: [Int], _ right: [Int]) -> KernelCase {
        func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "x") }
        return KernelCase(
            family: "elementwise", name: "\(opType) \(text(left)) \(text(right))", opType: opType,
            inputs: [.init(shape: left), .init(shape: right)])
    }
}
