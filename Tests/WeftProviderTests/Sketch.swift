import WeftProvider

/// A small graph written by hand: values are numbered as they come.
struct Sketch {
    private(set) var nodes: [NodeView] = []
    private var inputs: [Int] = []
    private var count = 0

    private mutating func operand(_ type: ElementType, _ shape: Shape, _ constant: Constant? = nil) -> Operand {
        count += 1
        return Operand(value: count - 1, type: .tensor(type, shape), constant: constant)
    }

    mutating func input(_ shape: [Int], _ type: ElementType = .float32) -> Operand {
        let operand = operand(type, .fixed(shape))
        inputs.append(operand.value)
        return operand
    }

    /// A value whose shape only its producer knows.
    mutating func open(_ type: ElementType = .float32) -> Operand { operand(type, .unknown) }

    mutating func constant(_ numbers: [Float], _ shape: [Int]) -> Operand {
        let tensor = Tensor(numbers, shape: shape)
        let constant = Constant(
            id: UInt64(count), elementType: .float32, shape: shape, payload: .bytes(BufferConstant(tensor.storage)))
        return operand(.float32, .fixed(shape), constant)
    }

    mutating func scalar(_ number: Float) -> Operand { constant([number], []) }

    /// Appends a node and returns its output, of the first input's type and shape unless told otherwise.
    mutating func node(
        _ opType: String, _ inputs: [Operand?], shape: [Int]? = nil, _ attributes: [String: Attribute] = [:]
    ) -> Operand {
        let first = inputs.first.flatMap { $0 }
        let output = operand(first?.type.elementType ?? .float32, .fixed(shape ?? first?.shape ?? []))
        nodes.append(
            NodeView(
                id: nodes.count, name: "n\(nodes.count)", opType: opType, inputs: inputs, outputs: [output],
                attributes: attributes))
        return output
    }

    func view(_ outputs: Operand...) -> GraphView {
        GraphView(nodes: nodes, inputs: inputs, outputs: outputs.map(\.value))
    }
}
