package import WeftProvider

extension Rules {
    package typealias Rule = @Sendable (inout Inference) throws(WeftError) -> Void

    /// One tensor of one of the given types; the result has its type and shape.
    package static func same(_ types: ElementTypes) -> Rule {
        { inference throws(WeftError) in
            let type = try inference.elementType(0, among: types)
            try inference.set(type, inference.shape(0))
        }
    }

    /// Tensors of one type, one of those given, that broadcast; the result has their type, or `result`.
    package static func broadcast(_ types: ElementTypes, result: ElementType? = nil) -> Rule {
        { inference throws(WeftError) in
            _ = try inference.elementType(0, among: types)
            let type = try sameType(inference)
            try inference.set(result ?? type, try broadcastShape(inference))
        }
    }

    /// The shape that all inputs broadcast to; nil where one of theirs is not known yet.
    package static func broadcastShape(_ inference: Inference) throws(WeftError) -> [Int]? {
        var shapes: [[Int]] = []
        for index in inference.inputs.indices {
            guard let shape = inference.shape(index) else { return nil }
            shapes.append(shape)
        }
        return try Inference.broadcast(shapes)
    }
}

extension Inference {
    /// The element type of a tensor input. Throws where it is none of those given.
    package func elementType(_ index: Int, among types: ElementTypes) throws(WeftError) -> ElementType {
        let type = try elementType(index)
        guard types.contains(type) else {
            throw WeftError(.invalidModel, "input \(index) may not be of type \(type)")
        }
        return type
    }

    /// Axes counted from the front. Throws where one is out of range or named twice.
    package func resolve(axes: [Int], rank: Int) throws(WeftError) -> [Int] {
        var resolved: [Int] = []
        for axis in axes { resolved.append(try resolve(axis: axis, rank: rank)) }
        guard Set(resolved).count == axes.count else {
            throw WeftError(.invalidModel, "axes \(axes) name an axis twice")
        }
        return resolved
    }
}
