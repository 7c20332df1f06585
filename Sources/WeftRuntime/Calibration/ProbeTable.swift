import WeftProvider

/// The probes of a calibration, each family from its smallest size on.
///
/// Every device is offered all of them. The work that a variant states decides which rate it is measured for.
enum ProbeTable {
    static let all: [Probe] = products() + convolutions() + arithmetic() + functions() + movement() + plain()

    /// Sums of many sizes, which show the speed of memory.
    static let sums: [Probe] = sums(.float32)

    /// A sum of two tensors that are larger than the caches.
    static let memory: [Probe] = [
        Probe("memory", "Add", [.tensor(.float32, [1 << 22]), .tensor(.float32, [1 << 22])])
    ].compactMap(\.self)

    /// Nodes with next to no work, whose time is that of starting a kernel; the output has the input's type and shape.
    static let tiny: [Probe] = [
        Probe("tiny", "Relu", [.tensor(.float32, [4])]),
        Probe("tiny", "Add", [.tensor(.float32, [4]), .weights(.float32, [4])]),
        Probe("tiny", "MatMul", [.tensor(.float32, [1, 4]), .weights(.float32, [4, 4])]),
    ].compactMap(\.self)

    /// Nodes that read a tensor of `count` elements and write one of the same size.
    static func passing(_ count: Int) -> [Probe] {
        ["Relu", "Neg", "Sigmoid", "Exp"].compactMap { Probe("passing", $0, [.tensor(.float32, [count])]) }
    }

    private static func products() -> [Probe] {
        let sizes: [(rows: Int, depth: Int, columns: Int)] = [
            (16, 64, 64), (64, 192, 192), (128, 384, 384), (384, 768, 768), (768, 1024, 1024),
        ]
        var probes: [Probe?] = []
        for type in [ElementType.float32, .float16] {
            for size in sizes {
                probes.append(
                    Probe(
                        "MatMul \(type)", "MatMul",
                        [.tensor(type, [size.rows, size.depth]), .weights(type, [size.depth, size.columns])]))
            }
        }
        return probes.compactMap(\.self)
    }

    private static func convolutions() -> [Probe] {
        let dense: [(channels: Int, plane: Int)] = [(16, 14), (32, 28), (64, 40), (64, 56), (128, 56)]
        let depthwise: [(channels: Int, plane: Int)] = [(32, 14), (96, 28), (96, 56), (144, 112)]
        var probes: [Probe?] = []
        for side in [1, 3] {
            for size in dense { probes.append(conv("Conv \(side)", size.channels, size.plane, side, group: 1)) }
        }
        for size in depthwise {
            probes.append(conv("depthwise Conv", size.channels, size.plane, 3, group: size.channels))
        }
        return probes.compactMap(\.self)
    }

    private static func conv(_ family: String, _ channels: Int, _ plane: Int, _ side: Int, group: Int) -> Probe? {
        let pad = Int64(side / 2)
        let kernel = [Int64(side), Int64(side)]
        let inputs: [Probe.Input] = [
            .tensor(.float32, [1, channels, plane, plane]),
            .weights(.float32, [channels, channels / group, side, side]), .weights(.float32, [channels]),
        ]
        let attributes: [String: Attribute] = [
            "group": .int(Int64(group)), "kernel_shape": .ints(kernel), "pads": .ints([pad, pad, pad, pad]),
            "strides": .ints([1, 1]), "dilations": .ints([1, 1]), "auto_pad": .string("NOTSET"),
        ]
        return Probe(family, "Conv", inputs, attributes: attributes)
    }

    private static let sizes = [1 << 10, 1 << 14, 1 << 18, 1 << 21, 1 << 23]

    private static func arithmetic() -> [Probe] {
        [ElementType.float32, .float16, .int64, .int32].flatMap { sums($0) }
    }

    private static func sums(_ type: ElementType) -> [Probe] {
        sizes.compactMap { Probe("Add \(type)", "Add", [.tensor(type, [$0]), .tensor(type, [$0])]) }
    }

    private static func functions() -> [Probe] {
        var probes: [Probe?] = []
        for name in ["Sigmoid", "Tanh", "Exp"] {
            for size in sizes { probes.append(Probe(name, name, [.tensor(.float32, [size])])) }
        }
        for rows in [4, 64, 1024, 8192] {
            probes.append(
                Probe("Softmax", "Softmax", [.tensor(.float32, [rows, 256])], attributes: ["axis": .int(-1)]))
        }
        return probes.compactMap(\.self)
    }

    private static func movement() -> [Probe] {
        var probes: [Probe?] = []
        for side in [8, 64, 256, 1024] {
            probes.append(
                Probe(
                    "Transpose", "Transpose", [.tensor(.float32, [side, 2, side])],
                    attributes: ["perm": .ints([0, 2, 1])]))
            probes.append(
                Probe(
                    "Concat", "Concat", [.tensor(.float32, [side, side]), .tensor(.float32, [side, side])],
                    attributes: ["axis": .int(1)]))
        }
        return probes.compactMap(\.self)
    }

    /// Operators whose kernels are usually simple loops.
    private static func plain() -> [Probe] {
        var probes: [Probe?] = []
        for count in [1 << 8, 1 << 12, 1 << 16, 1 << 20] {
            probes.append(Probe("Equal", "Equal", [.tensor(.float32, [count]), .tensor(.float32, [count])]))
            probes.append(
                Probe(
                    "Mod", "Mod", [.tensor(.int64, [count]), .tensor(.int64, [count])], attributes: ["fmod": .int(0)]))
            probes.append(
                Probe(
                    "CumSum", "CumSum", [.tensor(.float32, [count]), .integers([0])],
                    attributes: ["exclusive": .int(0), "reverse": .int(0)]))
        }
        return probes.compactMap(\.self)
    }
}
