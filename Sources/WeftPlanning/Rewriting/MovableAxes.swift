import WeftGraph
import WeftProvider

/// A node that does the same work when all its tensors' axes are put in another order.
///
/// These are elementwise operators, reductions and Concat. Operands of lower rank have to be constants or have one
/// element.
struct MovableAxes {
    let node: NodeView
    let rank: Int
    /// Positions of the inputs whose axes move.
    let inputs: [Int]
    /// Whether the output's axes move too; not if a reduction drops axes.
    let movesOutputs: Bool

    private static let unary: Set<String> = [
        "Abs", "Cast", "Ceil", "Celu", "Clip", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish",
        "Identity", "LeakyRelu", "Log", "Mish", "Neg", "Not", "Reciprocal", "Relu", "Round", "Selu", "Sigmoid", "Sign",
        "Softplus", "Softsign", "Sqrt", "Swish", "Tanh", "ThresholdedRelu",
    ]
    private static let broadcasting: Set<String> = [
        "Add", "And", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Mean", "Min", "Mul",
        "Or", "Pow", "PRelu", "Sub", "Sum", "Where", "Xor",
    ]
    /// A node does not move if one of its constants has more elements than this: the constant has to be copied.
    private static let largestConstant = 1 << 18

    init?(_ node: NodeView, order: [Int]) {
        guard node.domain.isEmpty, node.outputs.count == 1, let output = node.output(0),
            node.inputs.contains(where: { $0?.constant == nil && $0?.shape.count == order.count })
        else { return nil }
        self.node = node
        rank = order.count
        var movesOutputs = true
        switch node.opType {
        case let name where Self.unary.contains(name):
            guard output.shape.count == rank else { return nil }
            inputs = [0]
        case let name where Self.broadcasting.contains(name):
            guard output.shape.count == rank, let moving = Self.moving(node, rank, broadcasts: true) else { return nil }
            inputs = moving
        case "Concat":
            guard let moving = Self.moving(node, rank, broadcasts: false) else { return nil }
            inputs = moving
        case let name where name.hasPrefix("Reduce"):
            guard let axes = try? node.ints("axes"), let kept = try? node.flag("keepdims") else { return nil }
            inputs = [0]
            movesOutputs = kept
            let left = order.filter { !axes.contains($0) }
            if !kept && left != left.sorted() { return nil }
        default: return nil
        }
        self.movesOutputs = movesOutputs
    }

    /// Positions of the inputs of the given rank that are not constants; nil if another input prevents the move.
    private static func moving(_ node: NodeView, _ rank: Int, broadcasts: Bool) -> [Int]? {
        var moving: [Int] = []
        for (index, operand) in node.inputs.enumerated() {
            guard let operand else { return nil }
            let count = operand.shape.checkedElementCount ?? Int.max
            if operand.constant != nil {
                guard count <= largestConstant, operand.type.elementType != .string,
                    broadcasts || operand.shape.count == rank
                else { return nil }
            } else if operand.shape.count == rank {
                moving.append(index)
            } else if !broadcasts || count != 1 {
                return nil
            }
        }
        return moving
    }

    /// The node with its axes in the order `order`; `operands` replace the inputs that move, `output` its output.
    func moved(
        _ order: [Int], operands: [Operand], output: Operand, _ graph: inout RewriteGraph, _ constants: DerivedConstants
    ) throws(WeftError) -> NodeView {
        var attributes = node.attributes
        var changed = node.inputs
        for (index, operand) in zip(inputs, operands) { changed[index] = operand }
        func place(_ axis: Int) -> Int { order.firstIndex(of: axis) ?? axis }
        switch node.opType {
        case "Concat":
            attributes["axis"] = .int(Int64(place(try node.axis("axis", rank: rank))))
            try move(&changed, order, &graph, constants)
        case let name where Self.broadcasting.contains(name): try move(&changed, order, &graph, constants)
        case let name where name.hasPrefix("Reduce"):
            let axes = try node.ints("axes").map(place).sorted()
            attributes["axes"] = .ints(axes.map { Int64($0) })
            if node.has(input: 1) {
                changed[1] = graph.operand("\(node.name) axes", ConstantFactory.constant(ints: axes), wantsHost: true)
            }
        default: break
        }
        return NodeView(
            id: node.id, name: node.name, domain: node.domain, opType: node.opType, sinceVersion: node.sinceVersion,
            inputs: changed, outputs: [output], attributes: attributes)
    }

    /// Moves the axes of constants, after adding leading axes of size 1 up to the rank.
    ///
    /// Constants of one element and a lower rank stay as they are.
    private func move(
        _ operands: inout [Operand?], _ order: [Int], _ graph: inout RewriteGraph, _ constants: DerivedConstants
    ) throws(WeftError) {
        for (index, operand) in operands.enumerated() {
            guard let constant = operand?.constant, constant.elementCount != 1 || constant.shape.count == rank else {
                continue
            }
            let shape = [Int](repeating: 1, count: rank - constant.shape.count) + constant.shape
            let moved = try constants.constant("moved axes", from: [constant], parameters: order) {
                () throws(WeftError) in try Self.transposed(try constant.tensor(), shape, order)
            }
            operands[index] = graph.operand("\(node.name) operand", moved)
        }
    }

    /// A copy of a tensor, taken to be of `shape`, with its axes in the order `order`.
    private static func transposed(_ tensor: Tensor, _ shape: [Int], _ order: [Int]) throws(WeftError) -> Tensor {
        let strides = shape.indices.map { axis in shape[(axis + 1)...].reduce(1, *) }
        let sizes = order.map { shape[$0] }
        let result = try Tensor(uninitialized: tensor.elementType, shape: sizes)
        let width = tensor.elementType.byteWidth
        guard let source = tensor.storage.host, let target = result.storage.host else { return result }
        for index in 0..<sizes.reduce(1, *) {
            var rest = index
            var place = 0
            for axis in sizes.indices.reversed() {
                place += rest % sizes[axis] * strides[order[axis]]
                rest /= sizes[axis]
            }
            (target + index * width).copyMemory(from: source + place * width, byteCount: width)
        }
        return result
    }
}
