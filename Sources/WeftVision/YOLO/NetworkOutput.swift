/// What a network put out under one name.
public struct NetworkOutput: Sendable {
    public let shape: [Int]
    /// Row-major values, as many as the shape says.
    public let values: [Float]

    public init(shape: [Int], values: [Float]) {
        self.shape = shape
        self.values = values
    }

    /// Whether the number of values is the product of the shape, all sizes being positive.
    var isConsistent: Bool {
        var count = 1
        for size in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard size > 0, !overflow else { return false }
            count = product
        }
        return count == values.count
    }
}
