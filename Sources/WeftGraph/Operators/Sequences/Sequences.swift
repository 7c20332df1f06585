package import WeftProvider

extension Operator {
    /// Values of one type, in the order of the inputs, as a sequence.
    package static let sequenceConstruct = Operator("SequenceConstruct", since: 11, inputs: 1...Int.max) {
        inference throws(WeftError) in
        let element = inference.inputs[0].map(\.unsized)
        for (index, type) in inference.inputs.enumerated() where type.map(\.unsized) != element {
            throw WeftError(
                .invalidModel, "input \(index) is \(type.map { "a \($0)" } ?? "missing"), input 0 another type",
                hint: "the elements of a sequence have one type")
        }
        inference.outputs[0] = element.map { .sequence($0) }
    }

    /// A sequence without elements, of tensors of the type that `dtype` names.
    package static let sequenceEmpty = Operator(
        "SequenceEmpty", since: 11, inputs: 0...0, attributes: [.int("dtype", 1)]
    ) { inference throws(WeftError) in
        inference.outputs[0] = .sequence(.tensor(try inference.typeAttribute("dtype"), .unknown))
    }

    /// The sequence with a tensor inserted before `position`, at the end unless one is given.
    package static let sequenceInsert = Operator("SequenceInsert", since: 11, inputs: 2...3) {
        inference throws(WeftError) in
        let element = try inference.sequenceElement(0)
        if inference.has(1), let type = inference.inputs[1], type.unsized != element.unsized {
            throw WeftError(.invalidModel, "a \(type) cannot be put into a sequence of \(element)")
        }
        inference.outputs[0] = .sequence(element)
    }

    /// The sequence without the element at `position`, the last unless one is given.
    package static let sequenceErase = Operator("SequenceErase", since: 11, inputs: 1...2) {
        inference throws(WeftError) in
        inference.outputs[0] = .sequence(try inference.sequenceElement(0))
    }

    /// The element of a sequence at `position`, counted from the end where it is negative.
    package static let sequenceAt = Operator("SequenceAt", since: 11, inputs: 2...2) { inference throws(WeftError) in
        inference.outputs[0] = try inference.sequenceElement(0).unsized
    }

    /// The number of elements of a sequence, as an int64 scalar.
    package static let sequenceLength = Operator("SequenceLength", since: 11, inputs: 1...1) {
        inference throws(WeftError) in
        _ = try inference.sequenceElement(0)
        try inference.set(.int64, [])
    }

    /// The tensors of a sequence joined along `axis`, which is a new one where `new_axis` is 1.
    package static let concatFromSequence = Operator(
        "ConcatFromSequence", since: 11, inputs: 1...1, attributes: [.required("axis", .int), .int("new_axis", 0)]
    ) { inference throws(WeftError) in
        inference.outputs[0] = try inference.sequenceElement(0).unsized
    }

    /// A tensor cut along `axis` into parts of the lengths of `split`, or of length 1.
    package static let splitToSequence = Operator(
        "SplitToSequence", since: 24, inputs: 1...2, attributes: [.int("axis", 0), .int("keepdims", 1)]
    ) { inference throws(WeftError) in
        inference.outputs[0] = .sequence(.tensor(try inference.elementType(0), .unknown))
    }

    /// A body run for each element of a sequence; the engine runs it.
    package static let sequenceMap = Operator(
        "SequenceMap", since: 17, inputs: 1...Int.max, outputs: 1...Int.max, nature: .controlFlow,
        infer: Rules.declaredByBodies)
}

extension ValueType {
    /// The same type without the shapes of tensors.
    package var unsized: ValueType {
        switch self {
        case .tensor(let element, _): .tensor(element, .unknown)
        case .sequence(let element): .sequence(element.unsized)
        case .optional(let wrapped): .optional(wrapped.unsized)
        case .map(let key, let value): .map(key: key, value: value.unsized)
        }
    }
}

extension Inference {
    /// What a sequence input has as elements. Throws where the input is absent or no sequence.
    package func sequenceElement(_ index: Int) throws(WeftError) -> ValueType {
        guard index < inputs.count, let type = inputs[index] else {
            throw WeftError(.invalidModel, "input \(index) is missing")
        }
        guard case .sequence(let element) = type else {
            throw WeftError(.invalidModel, "input \(index) should be a sequence, is a \(type)")
        }
        return element
    }

    /// An attribute that holds the number of an element type.
    package func typeAttribute(_ name: String) throws(WeftError) -> ElementType {
        let number = try int(name)
        guard let type = UInt8(exactly: number).flatMap({ ElementType(rawValue: $0) }) else {
            throw WeftError(.invalidModel, "\(name) = \(number) is no element type")
        }
        return type
    }
}
