import WeftGraph
import WeftProvider

/// Collects a scan output of each trip of a loop, and joins them along a new axis.
struct Stack {
    private var tensors: [Tensor] = []

    mutating func append(_ value: Value) throws(WeftError) {
        guard let tensor = value.tensor else {
            throw WeftError(.invalidModel, "a scan output should be a tensor of numbers, is a \(value.type)")
        }
        if let first = tensors.first, first.shape != tensor.shape || first.elementType != tensor.elementType {
            throw WeftError(
                .invalidData,
                "a scan output should keep its type: trip 0 gave \(first.elementType) \(first.shape), trip \(tensors.count) \(tensor.elementType) \(tensor.shape)"
            )
        }
        tensors.append(tensor)
    }

    /// All outputs as one tensor, with the new axis at `axis`.
    ///
    /// Without trips the new axis has length zero. Other dimensions are those that `graph` declares, 0 if unknown.
    func joined(
        ifEmpty graph: Graph, _ output: Int, _ budget: MemoryBudget, axis: Int = 0, reversed: Bool = false
    ) throws(WeftError) -> Value {
        guard let first = tensors.first else {
            let declared = (graph.values[output].dimensions ?? []).map { dimension in
                if case .fixed(let size) = dimension { return size }
                return 0
            }
            let type = graph.values[output].type?.elementType ?? .float32
            return .tensor(try budget.allocate(type, [0] + declared))
        }
        let rank = first.shape.count + 1
        let axis = axis < 0 ? axis + rank : axis
        guard axis >= 0, axis < rank else {
            throw WeftError(.invalidModel, "scan output axis \(axis) is out of range for rank \(rank)")
        }
        guard first.elementType.bitWidth >= 8 else {
            throw WeftError(.unsupportedOperator, "scan outputs of \(first.elementType) are not supported")
        }
        var shape = first.shape
        shape.insert(tensors.count, at: axis)
        let result = try budget.allocate(first.elementType, shape)
        let inner = first.shape[axis...].elementCount * first.elementType.byteWidth
        let outer = first.shape[..<axis].elementCount
        guard let target = result.storage.host else { return .tensor(result) }
        for (index, tensor) in (reversed ? tensors.reversed() : tensors).enumerated() {
            guard let source = tensor.storage.host else { continue }
            for row in 0..<outer {
                (target + (row * tensors.count + index) * inner).copyMemory(
                    from: source + row * inner, byteCount: inner)
            }
        }
        return .tensor(result)
    }
}

/// Cuts a tensor into slices along an axis; the slices do not have that axis.
struct Slicer {
    private let tensor: Tensor
    private let axis: Int
    private let reversed: Bool
    let count: Int

    init(_ tensor: Tensor, axis: Int, reversed: Bool) throws(WeftError) {
        let rank = tensor.shape.count
        let resolved = axis < 0 ? axis + rank : axis
        guard resolved >= 0, resolved < rank, tensor.elementType.bitWidth >= 8 else {
            throw WeftError(.invalidModel, "axis \(axis) is out of range for rank \(rank)")
        }
        self.tensor = tensor
        self.axis = resolved
        self.reversed = reversed
        count = tensor.shape[resolved]
    }

    func slice(_ trip: Int, _ budget: MemoryBudget) throws(WeftError) -> Tensor {
        var shape = tensor.shape
        shape.remove(at: axis)
        let result = try budget.allocate(tensor.elementType, shape)
        let inner = tensor.shape[(axis + 1)...].elementCount * tensor.elementType.byteWidth
        let outer = tensor.shape[..<axis].elementCount
        let index = reversed ? count - 1 - trip : trip
        guard let source = tensor.storage.host, let target = result.storage.host else { return result }
        for row in 0..<outer {
            (target + row * inner).copyMemory(from: source + (row * count + index) * inner, byteCount: inner)
        }
        return result
    }
}

extension ArraySlice<Int> {
    package var elementCount: Int { reduce(1, &*) }
}
