package import WeftProvider

/// Memory of the caller in which a run has to put one output.
package struct OutputTarget: Sendable {
    package let elementType: ElementType
    /// The shape that the output must have; nil if any shape that fits is allowed.
    package let shape: [Int]?
    package let storage: BufferView

    package init(elementType: ElementType, shape: [Int]?, storage: BufferView) {
        self.elementType = elementType
        self.shape = shape
        self.storage = storage
    }

    /// The part of the memory for an output of a shape; nil if it does not fit.
    private func view(_ shape: [Int]) -> BufferView? {
        guard let count = shape.checkedElementCount, let bytes = elementType.byteCount(count),
            bytes <= storage.byteCount
        else { return nil }
        return BufferView(storage.buffer, offset: storage.offset, byteCount: bytes)
    }

    /// A tensor in this memory; nil if the target is not for this type and shape.
    package func tensor(_ type: ElementType, _ shape: [Int]) -> Tensor? {
        guard type == elementType, self.shape == nil || self.shape == shape, let view = view(shape) else { return nil }
        return Tensor(elementType: type, shape: shape, storage: view)
    }

    package func overlaps(_ other: BufferView) -> Bool {
        guard let mine = storage.host, let theirs = other.host, storage.byteCount > 0, other.byteCount > 0 else {
            return false
        }
        return mine < theirs + other.byteCount && theirs < mine + storage.byteCount
    }

    /// Why an output of this type cannot be written here; nil if it can, or if only the run will show.
    package func mismatch(_ type: ValueType?) -> String? {
        guard let type else { return nil }
        guard case .tensor(let element, let known) = type, element != .string else {
            return "is a \(type), which no buffer holds"
        }
        guard element == elementType else { return "is \(element), its buffer is for \(elementType)" }
        guard case .fixed(let dimensions) = known else { return nil }
        if let shape, shape != dimensions { return "has shape \(dimensions), its buffer is for \(shape)" }
        if view(dimensions) == nil {
            return "has shape \(dimensions), which does not fit into the \(storage.byteCount) bytes of its buffer"
        }
        return nil
    }

    /// Copies an output that was made elsewhere, and returns the tensor in this memory.
    package func take(_ value: Value) throws(WeftError) -> Value {
        if let problem = mismatch(value.type) { throw WeftError(.invalidInput, problem) }
        guard case .tensor(let tensor) = value, let mine = self.tensor(tensor.elementType, tensor.shape) else {
            throw WeftError(.invalidInput, "is a \(value.type), which its buffer does not hold")
        }
        if let source = tensor.storage.host, let target = mine.storage.host, source != target {
            target.copyMemory(from: source, byteCount: mine.storage.byteCount)
        }
        return .tensor(mine)
    }
}

/// The targets of one run, by position of the output.
package struct OutputTargets: Sendable {
    private let byPosition: [Int: OutputTarget]

    package static let none = OutputTargets([:])

    package init(_ byPosition: [Int: OutputTarget]) { self.byPosition = byPosition }

    package var isEmpty: Bool { byPosition.isEmpty }

    /// Throws `.invalidInput` where a buffer does not fit its output, or shares bytes with another.
    package func check(_ types: [ValueType?], names: [String]) throws(WeftError) {
        let positions = byPosition.keys.sorted()
        for (index, position) in positions.enumerated() {
            guard let target = byPosition[position], position < types.count else { continue }
            let name = position < names.count ? names[position] : "\(position)"
            if let problem = target.mismatch(types[position]) {
                throw WeftError(
                    .invalidInput, "output '\(name)' \(problem)", hint: "give a buffer of the output's type and shape")
            }
            for other in positions[..<index] where byPosition[other]?.overlaps(target.storage) == true {
                throw WeftError(
                    .invalidInput,
                    "the buffers of outputs '\(other < names.count ? names[other] : "\(other)")' and '\(name)' overlap",
                    hint: "give each output memory of its own")
            }
        }
    }

    /// The targets, by slot, that a plan's steps may write to directly; `outputs` are the outputs' slots.
    package func direct(_ outputs: @autoclosure () -> [Int?], inputs: [Value]) -> [Int: OutputTarget] {
        guard !isEmpty else { return [:] }
        var slots: [Int: OutputTarget] = [:]
        for (position, output) in outputs().enumerated() {
            guard let slot = output, slots[slot] == nil, let target = byPosition[position] else { continue }
            let isRead = inputs.contains { $0.tensor.map { target.overlaps($0.storage) } ?? false }
            if !isRead { slots[slot] = target }
        }
        return slots
    }

    /// The outputs, with those that have targets copied into them.
    package func place(_ outputs: [Value], names: [String]) throws(WeftError) -> [Value] {
        guard !isEmpty else { return outputs }
        var outputs = outputs
        // An output can lie in another one's target, if it is an input of the run: copy it before it is written over.
        for position in outputs.indices {
            guard case .tensor(let tensor) = outputs[position],
                byPosition.contains(where: { $0.key != position && $0.value.overlaps(tensor.storage) })
            else { continue }
            let copy = try Tensor(uninitialized: tensor.elementType, shape: tensor.shape)
            if let source = tensor.storage.host, let target = copy.storage.host {
                target.copyMemory(from: source, byteCount: copy.storage.byteCount)
            }
            outputs[position] = .tensor(copy)
        }
        for position in outputs.indices {
            guard let target = byPosition[position] else { continue }
            do { outputs[position] = try target.take(outputs[position]) } catch {
                var named = error
                named.message = "output '\(position < names.count ? names[position] : "\(position)")' \(error.message)"
                throw named
            }
        }
        return outputs
    }
}
