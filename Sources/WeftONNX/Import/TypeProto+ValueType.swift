import WeftProvider

extension TypeProto {
    /// The declared type, and the dimensions where it is a tensor of declared shape; nil where nothing is declared.
    ///
    /// Throws `.invalidModel` for an element type that ONNX has not, `.unsupportedOperator` for unsupported kinds.
    func declaration(of name: String) throws(WeftError) -> (type: ValueType, dimensions: [Dimension]?)? {
        switch kind {
        case .undefined: return nil
        case .tensor(let element, let shape):
            guard element != 0 else { return nil }
            let type = try elementType(element, name)
            guard let dimensions = shape?.map(\.dimension) else { return (.tensor(type, .unknown), nil) }
            return (.tensor(type, dimensions.shape), dimensions)
        case .sequence(let element): return (.sequence(try element.inner(of: name)), nil)
        case .optional(let wrapped): return (.optional(try wrapped.inner(of: name)), nil)
        case .map(let key, let value):
            return (.map(key: try elementType(key, name), value: try value.inner(of: name)), nil)
        case .sparseTensor: throw unsupported("a sparse tensor", name)
        case .opaque: throw unsupported("opaque", name)
        }
    }

    private func inner(of name: String) throws(WeftError) -> ValueType {
        guard let declaration = try declaration(of: name) else {
            throw WeftError(.invalidModel, "the type of '\(name)' does not say what it contains")
        }
        return declaration.type
    }

    private func elementType(_ number: Int32, _ name: String) throws(WeftError) -> ElementType {
        guard let type = UInt8(exactly: number).flatMap(ElementType.init(rawValue:)) else {
            throw WeftError(.invalidModel, "'\(name)' has element type \(number), which is none of ONNX's")
        }
        return type
    }

    private func unsupported(_ kind: String, _ name: String) -> WeftError {
        WeftError(.unsupportedOperator, "'\(name)' is declared as \(kind), which is not supported")
    }
}

extension TensorShapeProto.Dimension {
    /// Negative sizes are what some exporters write for unknown ones.
    fileprivate var dimension: Dimension {
        switch self {
        case .unknown: .unknown
        case .value(let size): size < 0 ? .unknown : .fixed(Int(size))
        case .parameter(let name): .symbol(name)
        }
    }
}

extension [Dimension] {
    /// Fixed where every dimension is, and memory could hold the elements.
    fileprivate var shape: Shape {
        var sizes: [Int] = []
        for case .fixed(let size) in self { sizes.append(size) }
        guard sizes.count == count, sizes.checkedElementCount != nil else { return .unknown }
        return .fixed(sizes)
    }
}
