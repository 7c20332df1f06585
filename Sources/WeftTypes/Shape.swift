/// The shape of a tensor in a graph, as far as it is known before a run.
public enum Shape: Hashable, Sendable, CustomStringConvertible {
    /// The size of each dimension.
    case fixed([Int])
    /// Known only when the node that makes the value has run; even the rank is unknown.
    case unknown

    /// The dimensions, if they are known.
    public var dimensions: [Int]? {
        if case .fixed(let dimensions) = self { return dimensions }
        return nil
    }

    /// The sizes, as `[1, 3]`; `[?]` if they are unknown.
    public var description: String {
        switch self {
        case .fixed(let dimensions): "\(dimensions)"
        case .unknown: "[?]"
        }
    }
}

/// One dimension as a model file declares it.
public enum Dimension: Hashable, Sendable, CustomStringConvertible {
    /// A size.
    case fixed(Int)
    /// A name: dimensions with the same name have the same size.
    case symbol(String)
    /// Neither a size nor a name.
    case unknown

    /// The size, the name, or `?`.
    public var description: String {
        switch self {
        case .fixed(let size): "\(size)"
        case .symbol(let name): name
        case .unknown: "?"
        }
    }
}

extension [Int] {
    /// The number of elements of a tensor of this shape; nil if a size is negative or the product overflows.
    public var checkedElementCount: Int? {
        var count = 1
        for size in self {
            guard size >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            count = product
        }
        return count
    }

    /// The number of elements of a tensor of this shape, without checks for negative sizes and overflow.
    public var elementCount: Int { reduce(1, &*) }

    /// Strides of a dense row-major tensor of this shape, in elements.
    public var rowMajorStrides: [Int] {
        var strides = [Int](repeating: 1, count: count)
        var step = 1
        for axis in indices.reversed() {
            strides[axis] = step
            step &*= self[axis]
        }
        return strides
    }
}
