/// The shape of a value in a graph: known, or to be known only when its producer has run.
public enum Shape: Hashable, Sendable, CustomStringConvertible {
    case fixed([Int])
    case unknown

    /// The dimensions, if they are known.
    public var dimensions: [Int]? {
        if case .fixed(let dimensions) = self { return dimensions }
        return nil
    }

    public var description: String {
        switch self {
        case .fixed(let dimensions): "\(dimensions)"
        case .unknown: "[?]"
        }
    }
}

/// One dimension as a model file declares it.
public enum Dimension: Hashable, Sendable, CustomStringConvertible {
    case fixed(Int)
    case symbol(String)
    case unknown

    public var description: String {
        switch self {
        case .fixed(let size): "\(size)"
        case .symbol(let name): name
        case .unknown: "?"
        }
    }
}

extension [Int] {
    /// The product of the dimensions of a shape; nil when one is negative or the product overflows.
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

    /// The product of the dimensions of a shape that has been checked before.
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
