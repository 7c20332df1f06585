import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let sequenceConstruct = dynamic("SequenceConstruct") { node, invocation throws(WeftError) in
        var elements: [Value] = []
        for index in node.inputs.indices { elements.append(try invocation.value(input: index)) }
        try invocation.set(output: 0, .sequence(elements, of: elementType(node)))
    }

    static let sequenceEmpty = dynamic("SequenceEmpty") { node, invocation throws(WeftError) in
        try invocation.set(output: 0, .sequence([], of: elementType(node)))
    }

    static let sequenceInsert = dynamic("SequenceInsert") { node, invocation throws(WeftError) in
        var (elements, type) = try invocation.sequence(0)
        var position = elements.count
        if node.has(input: 2) {
            position = try invocation.position(2, count: elements.count, end: elements.count + 1)
        }
        elements.insert(try invocation.value(input: 1), at: position)
        try invocation.set(output: 0, .sequence(elements, of: type))
    }

    static let sequenceErase = dynamic("SequenceErase") { node, invocation throws(WeftError) in
        var (elements, type) = try invocation.sequence(0)
        guard !elements.isEmpty else { throw WeftError(.invalidData, "the sequence has no element to erase") }
        var position = elements.count - 1
        if node.has(input: 1) { position = try invocation.position(1, count: elements.count, end: elements.count) }
        elements.remove(at: position)
        try invocation.set(output: 0, .sequence(elements, of: type))
    }

    static let sequenceAt = dynamic("SequenceAt") { _, invocation throws(WeftError) in
        let (elements, _) = try invocation.sequence(0)
        let position = try invocation.position(1, count: elements.count, end: elements.count)
        try invocation.set(output: 0, elements[position])
    }

    static let sequenceLength = dynamic("SequenceLength") { _, invocation throws(WeftError) in
        invocation.output(0, as: Int64.self)[0] = Int64(try invocation.sequence(0).0.count)
    }

    static let concatFromSequence = dynamic("ConcatFromSequence") { node, invocation throws(WeftError) in
        let (elements, _) = try invocation.sequence(0)
        guard let first = elements.first else { throw WeftError(.invalidData, "the sequence has nothing to join") }
        let new = try node.flag("new_axis")
        let rank = (first.shape?.count ?? 0) + (new ? 1 : 0)
        let given = try node.int("axis")
        let axis = given < 0 ? given + rank : given
        guard axis >= 0, axis < rank else {
            throw WeftError(.invalidData, "axis \(given) is out of range for rank \(rank)")
        }
        var parts: [Pieces] = []
        for element in elements {
            let part = try Pieces(element)
            guard new, part.shape.count == rank - 1 else {
                parts.append(part)
                continue
            }
            var shape = part.shape
            shape.insert(1, at: axis)
            parts.append(try part.reshaped(shape))
        }
        try invocation.set(output: 0, try Pieces.joined(parts, axis: axis, invocation.run))
    }

    static let splitToSequence = dynamic("SplitToSequence") { node, invocation throws(WeftError) in
        let whole = try Pieces(try invocation.value(input: 0))
        let given = try node.int("axis")
        let axis = given < 0 ? given + whole.shape.count : given
        guard whole.shape.indices.contains(axis) else {
            throw WeftError(.invalidData, "axis \(given) is out of range for rank \(whole.shape.count)")
        }
        let size = whole.shape[axis]
        let kept = try node.flag("keepdims")
        let dropped = !node.has(input: 1) && !kept
        var elements: [Value] = []
        var position = 0
        for length in try splitLengths(node, invocation, size) {
            var shape = whole.shape
            if dropped { shape.remove(at: axis) } else { shape[axis] = length }
            elements.append(
                try whole.slice(position..<position + length, axis: axis, shape: shape, invocation.run))
            position += length
        }
        try invocation.set(output: 0, .sequence(elements, of: elementType(node)))
    }

    /// Lengths that add up to `size`: those given, or as many of one length as fit and a shorter rest.
    private static func splitLengths(
        _ node: NodeView, _ invocation: borrowing HostInvocation, _ size: Int
    ) throws(WeftError) -> [Int] {
        var step = 1
        if node.has(input: 1) {
            let given = try invocation.integers(1)
            if !node.inputShape(1).isEmpty {
                var rest = size
                for length in given {
                    guard length >= 0, length <= rest else { rest = -1; break }
                    rest -= length
                }
                guard rest == 0 else {
                    throw WeftError(.invalidData, "lengths \(given) do not add up to the \(size) elements of the axis")
                }
                return given
            }
            step = given[0]
            guard step > 0 else { throw WeftError(.invalidData, "a length of \(step) splits nothing") }
        }
        return stride(from: 0, to: size, by: step).map { Swift.min(step, size - $0) }
    }

    /// What the sequence that a node gives has as elements.
    private static func elementType(_ node: NodeView) -> ValueType {
        if case .sequence(let element)? = node.output(0)?.type { return element }
        return .tensor(.float32, .unknown)
    }

    /// A row for an operator on strings, containers, or outputs whose shape depends on data.
    static func dynamic(
        _ opType: String, domain: String = "", types: TypeConstraint = TypeConstraint(Set(ElementType.allCases)),
        if condition: Condition = .always,
        _ body: @escaping @Sendable (NodeView, borrowing HostInvocation) throws(WeftError) -> Void
    ) -> SupportRow {
        SupportRow(
            opType, domain: domain, types: types, if: condition, dynamicOperands: true,
            variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
            kernel: HostKernel { node throws(WeftError) in
                let view = node.view
                return { invocation throws(WeftError) in try body(view, invocation) }
            })
    }
}

extension HostInvocation {
    /// The elements of a sequence input, and their type.
    func sequence(_ index: Int) throws(WeftError) -> ([Value], ValueType) {
        guard case .sequence(let elements, let type) = try value(input: index) else {
            throw WeftError(.invalidData, "input \(index) should be a sequence")
        }
        return (elements, type)
    }

    /// The elements of an integer tensor input.
    func integers(_ index: Int) throws(WeftError) -> [Int] {
        guard let tensor = try value(input: index).tensor else {
            throw WeftError(.invalidData, "input \(index) should be a tensor of integers")
        }
        switch tensor.elementType {
        case .int64: return try tensor.array(as: Int64.self).map { Int($0) }
        case .int32: return try tensor.array(as: Int32.self).map { Int($0) }
        default: throw WeftError(.invalidData, "input \(index) should have integers, has \(tensor.elementType)")
        }
    }

    /// A position input, counted from the front. Throws `.invalidData` where it is outside -count ..< end.
    fileprivate func position(_ index: Int, count: Int, end: Int) throws(WeftError) -> Int {
        guard let given = try integers(index).first else {
            throw WeftError(.invalidData, "the position should be one integer")
        }
        let position = given < 0 ? given &+ count : given
        guard position >= 0, position < end else {
            throw WeftError(.invalidData, "position \(given) is out of range for a sequence of \(count) elements")
        }
        return position
    }
}
