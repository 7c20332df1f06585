import WeftProvider

/// A tensor of any kind, numbers or strings, as something to be cut and joined along an axis.
///
/// Every element is a fixed number of bytes, or a string. Packed types are refused.
struct Pieces {
    let value: Value
    let shape: [Int]

    /// Throws `.invalidData` for containers, `.unsupportedOperator` for types of less than a byte.
    init(_ value: Value) throws(WeftError) {
        guard let shape = value.shape else { throw WeftError(.invalidData, "expected a tensor, found a \(value.type)") }
        if let tensor = value.tensor, tensor.elementType.bitWidth < 8 {
            throw WeftError(.unsupportedOperator, "elements of \(tensor.elementType) cannot be cut or joined")
        }
        self.value = value
        self.shape = shape
    }

    /// Elements `range` along `axis`; the result has `shape`, which has as many.
    func slice(_ range: Range<Int>, axis: Int, shape result: [Int], _ run: RunContext) throws(WeftError) -> Value {
        let inner = shape[(axis + 1)...].reduce(1, &*)
        let outer = shape[..<axis].reduce(1, &*)
        switch value {
        case .tensor(let tensor):
            let part = try run.values.allocate(tensor.elementType, result)
            let width = inner * tensor.elementType.byteWidth
            guard let source = tensor.storage.host, let target = part.storage.host else { return .tensor(part) }
            for row in 0..<outer {
                (target + row * range.count * width).copyMemory(
                    from: source + (row * shape[axis] + range.lowerBound) * width, byteCount: range.count * width)
            }
            return .tensor(part)
        case .strings(let strings):
            var elements: [String] = []
            for row in 0..<outer {
                let start = (row * shape[axis] + range.lowerBound) * inner
                elements += strings.elements[start..<start + range.count * inner]
            }
            return .strings(StringTensor(elements, shape: result))
        default: return value
        }
    }

    /// The parts side by side along `axis`; they have one rank and differ along the axis alone.
    static func joined(_ parts: [Pieces], axis: Int, _ run: RunContext) throws(WeftError) -> Value {
        guard let first = parts.first else { throw WeftError(.invalidData, "there is nothing to join") }
        var shape = first.shape
        var total = 0
        for part in parts {
            var other = part.shape
            guard other.count == shape.count else {
                throw WeftError(.invalidData, "tensors of shapes \(first.shape) and \(other) cannot be joined")
            }
            total += other[axis]
            other[axis] = shape[axis]
            guard other == shape, part.value.type.elementType == first.value.type.elementType else {
                throw WeftError(
                    .invalidData, "tensors of types \(first.value.type) and \(part.value.type) cannot be joined")
            }
        }
        shape[axis] = total
        let outer = shape[..<axis].reduce(1, &*)
        let inner = shape[(axis + 1)...].reduce(1, &*)
        guard case .tensor(let tensor) = first.value else {
            return .strings(StringTensor(joinedStrings(parts, outer: outer, axis: axis, inner: inner), shape: shape))
        }
        let result = try run.values.allocate(tensor.elementType, shape)
        guard let target = result.storage.host else { return .tensor(result) }
        let width = inner * tensor.elementType.byteWidth
        var position = 0
        for part in parts {
            let length = part.shape[axis]
            if let source = part.value.tensor?.storage.host {
                for row in 0..<outer {
                    (target + (row * total + position) * width).copyMemory(
                        from: source + row * length * width, byteCount: length * width)
                }
            }
            position += length
        }
        return .tensor(result)
    }

    private static func joinedStrings(_ parts: [Pieces], outer: Int, axis: Int, inner: Int) -> [String] {
        var elements: [String] = []
        for row in 0..<outer {
            for part in parts {
                guard case .strings(let strings) = part.value else { continue }
                let length = part.shape[axis] * inner
                elements += strings.elements[row * length..<(row + 1) * length]
            }
        }
        return elements
    }

    /// The same elements under another shape of as many.
    func reshaped(_ shape: [Int]) throws(WeftError) -> Pieces {
        switch value {
        case .tensor(let tensor): try Pieces(.tensor(tensor.reshaped(shape)))
        case .strings(let strings): try Pieces(.strings(StringTensor(strings.elements, shape: shape)))
        default: self
        }
    }
}
