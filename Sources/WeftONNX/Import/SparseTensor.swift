import WeftProvider

/// The non-zero elements of a tensor and where they go: linear indices [n], or one row of coordinates each [n, rank].
struct SparseTensor {
    let label: String
    let values: Constant
    let indices: Constant
    let shape: [Int]

    /// The tensor with its zeros; takes its bytes from `limit`, so that small files cannot ask for all memory.
    ///
    /// Throws `.invalidModel` for an index outside the shape, and for more bytes than `limit` has left.
    func dense(limit: inout Int) throws(WeftError) -> Tensor {
        let type = values.elementType
        guard type.bitWidth >= 8 else { throw defect("holds \(type), which sparse tensors cannot") }
        guard indices.elementType == .int64 else {
            throw defect("has indices of type \(indices.elementType), not int64")
        }
        guard values.shape.count == 1 else { throw defect("has values of rank \(values.shape.count), not 1") }
        guard let count = shape.checkedElementCount, let byteCount = type.byteCount(count) else {
            throw defect("of shape \(shape) is larger than memory can be")
        }
        guard byteCount <= limit else { throw defect("would take \(byteCount) bytes, more than sparse tensors may") }
        limit -= byteCount
        let positions = try positions(of: try indices.integers(), count: values.shape[0], total: count)
        let tensor = try Tensor(uninitialized: type, shape: shape, zeroed: true)
        let target = UnsafeMutableRawBufferPointer(start: tensor.storage.host, count: byteCount)
        let width = type.byteWidth
        try values.withBytes { bytes throws(WeftError) in
            for (element, position) in positions.enumerated() {
                let source = UnsafeRawBufferPointer(rebasing: bytes[element * width..<(element + 1) * width])
                UnsafeMutableRawBufferPointer(rebasing: target[position * width..<(position + 1) * width])
                    .copyMemory(from: source)
            }
        }
        return tensor
    }

    private func positions(of indices: [Int], count: Int, total: Int) throws(WeftError) -> [Int] {
        switch self.indices.shape {
        case [count]:
            for index in indices where index < 0 || index >= total { throw outside("\(index)") }
            return indices
        case [count, shape.count]:
            let strides = shape.rowMajorStrides
            var positions: [Int] = []
            positions.reserveCapacity(count)
            for row in 0..<count {
                var position = 0
                for axis in shape.indices {
                    let index = indices[row * shape.count + axis]
                    guard index >= 0, index < shape[axis] else {
                        throw outside("\(index) on axis \(axis)")
                    }
                    position += index * strides[axis]
                }
                positions.append(position)
            }
            return positions
        default:
            throw defect("has \(count) values but indices of shape \(self.indices.shape)")
        }
    }

    private func outside(_ index: String) -> WeftError { defect("of shape \(shape) has the index \(index)") }
    private func defect(_ text: String) -> WeftError { WeftError(.invalidModel, "sparse tensor '\(label)' \(text)") }
}
