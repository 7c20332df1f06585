import WeftGraph
import WeftProvider

/// Random graphs of convolutions and what stands between them, with constants of every rank as operands.
struct RandomImageGraph {
    private(set) var graph: Graph
    private(set) var inputs: [Value] = []

    private typealias Image = (id: Int, channels: Int)
    private static let size = 5

    private var builder: GraphBuilder
    private var dice: Dice
    private let batch: Int
    private var images: [Image] = []
    private var count = 0

    init(seed: Int, nodes: Int) throws {
        var dice = Dice(seed)
        batch = 1 + dice.below(2)
        builder = GraphBuilder(name: "images \(seed)")
        self.dice = dice
        graph = builder.build()
        let channels = [3, 4, 8, 9][self.dice.below(4)]
        let shape = [batch, channels, Self.size, Self.size]
        let id = builder.value("image", type: .tensor(.float32, .fixed(shape)), dimensions: shape.map { .fixed($0) })
        builder.inputs = [id]
        images.append((id, channels))
        let given = floats(shape)
        try append("Conv", [id, constant([4, channels, 3, 3])], channels: 4, ["pads": .ints([1, 1, 1, 1])])
        for _ in 0..<nodes { try step() }
        let last = images[images.count - 1]
        try append("Conv", [last.id, constant([5, last.channels, 1, 1])], channels: 5)
        builder.outputs = [images[images.count - 1].id, images[self.dice.below(images.count)].id]
        graph = builder.build()
        inputs = [.tensor(given)]
    }

    private mutating func step() throws {
        let (a, channels) = images[max(0, images.count - 1 - dice.below(3))]
        switch dice.below(10) {
        case 0: try append("Relu", [a], channels: channels)
        case 1: try append("Sigmoid", [a], channels: channels)
        case 2:
            let filters = [3, 4, 8, 11][dice.below(4)]
            try append(
                "Conv", [a, constant([filters, channels, 3, 3])], channels: filters, ["pads": .ints([1, 1, 1, 1])])
        case 3:
            let filters = [4, 8][dice.below(2)]
            try append("Conv", [a, constant([filters, channels, 1, 1]), constant([filters])], channels: filters)
        case 4:
            try append(
                "MaxPool", [a], channels: channels, ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])])
        case 5:
            let more = 1 + dice.below(4)
            let pieces = [a, constant([batch, more, Self.size, Self.size])]
            try append("Concat", dice.flip() ? pieces : pieces.reversed(), channels: channels + more, ["axis": .int(1)])
        case 6:
            let mates = images.filter { $0.channels == channels }
            try append("Add", [a, mates[dice.below(mates.count)].id], channels: channels)
        case 7: try append("Max", [a, operand(channels), operand(channels)], channels: channels)
        default:
            let pair = [a, operand(channels)]
            try append(
                ["Add", "Mul", "Sub"][dice.below(3)], dice.flip() ? pair : pair.reversed(), channels: channels)
        }
    }

    /// A constant that broadcasts to an image of so many channels.
    private mutating func operand(_ channels: Int) -> Int {
        let size = Self.size
        let shapes = [
            [], [1], [size], [size, size], [channels, 1, 1], [channels, size, size], [1, channels, 1, 1],
            [1, 1, size, size], [1, channels, size, size], [batch, channels, size, size],
            [batch, channels, size, size],
        ]
        return constant(shapes[dice.below(shapes.count)])
    }

    private mutating func constant(_ shape: [Int]) -> Int { builder.constant(ConstantFactory.constant(floats(shape))) }

    private mutating func floats(_ shape: [Int]) -> Tensor {
        var values: [Float] = []
        for _ in 0..<shape.elementCount { values.append(Float(dice.below(2000)) / 1000 - 1) }
        return Tensor(values, shape: shape)
    }

    private mutating func append(
        _ opType: String, _ inputs: [Int], channels: Int, _ attributes: [String: Attribute] = [:]
    ) throws {
        let result = builder.value("v\(count)")
        try builder.append(
            NodeDraft(opType, name: "n\(count)", inputs: inputs, outputs: [result], attributes: attributes), opset: 21)
        count += 1
        images.append((result, channels))
    }
}
