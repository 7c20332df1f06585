public import WeftProvider

/// An input or output of a model as its file declares it.
public struct ValueDescription: Sendable, Hashable, CustomStringConvertible {
    public let name: String
    public let type: ValueType?
    /// Declared dimensions; nil where the file gives no shape.
    public let dimensions: [Dimension]?

    /// The dimensions, where all of them are fixed.
    public var fixedShape: [Int]? {
        guard let dimensions else { return nil }
        var shape: [Int] = []
        for dimension in dimensions {
            guard case .fixed(let size) = dimension else { return nil }
            shape.append(size)
        }
        return shape
    }

    public var elementType: ElementType? { type?.elementType }

    public var description: String {
        guard case .tensor(let element, _) = type else {
            return "\(name): \(type.map { "\($0)" } ?? "type not declared")"
        }
        let shape = dimensions.map { "[\($0.map(\.description).joined(separator: ", "))]" } ?? "of any shape"
        return "\(name): \(element) \(shape)"
    }

    /// What is wrong with a value that is given for this input; nil if nothing is.
    ///
    /// `symbols` collects the sizes that symbolic dimensions have taken in this run.
    func mismatch(_ value: Value, _ symbols: inout [String: Int]) -> String? {
        if case .tensor(let tensor) = value, let defect = tensor.defect { return defect }
        guard let type else { return nil }
        switch (type, value.type) {
        case (.tensor(let wanted, _), .tensor(let given, let shape)):
            guard wanted == given else { return "is \(wanted), was given \(given)" }
            guard let dimensions, let shape = shape.dimensions else { return nil }
            let text = "[\(dimensions.map(\.description).joined(separator: ", "))]"
            guard dimensions.count == shape.count else { return "has shape \(text), was given \(shape)" }
            for (dimension, size) in zip(dimensions, shape) {
                switch dimension {
                case .fixed(let wanted) where wanted != size: return "has shape \(text), was given \(shape)"
                case .symbol(let name):
                    if let known = symbols[name], known != size {
                        return "has shape \(text), was given \(shape), but \(name) is \(known) in another input"
                    }
                    symbols[name] = size
                default: continue
                }
            }
            return nil
        case (.sequence, .sequence), (.optional, _), (.map, .map): return nil
        default: return "is a \(type), was given a \(value.type)"
        }
    }
}
