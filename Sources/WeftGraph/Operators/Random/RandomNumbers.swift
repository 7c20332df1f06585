import WeftProvider

extension Operator {
    /// Numbers of a normal distribution, in a shape that the node states.
    package static let randomNormal = shaped("RandomNormal", normal)
    /// Numbers between two bounds, in a shape that the node states.
    package static let randomUniform = shaped("RandomUniform", uniform)
    /// Numbers of a normal distribution, in the input's shape.
    package static let randomNormalLike = like("RandomNormalLike", normal)
    /// Numbers between two bounds, in the input's shape.
    package static let randomUniformLike = like("RandomUniformLike", uniform)

    private static let normal: [AttributeSpec] = [.float("mean", 0), .float("scale", 1)]
    private static let uniform: [AttributeSpec] = [.float("low", 0), .float("high", 1)]

    private static func shaped(_ name: String, _ attributes: [AttributeSpec]) -> Operator {
        Operator(
            name, since: 22, inputs: 0...0,
            attributes: attributes + [.int("dtype", 1), .optional("seed", .float), .required("shape", .ints)],
            nature: .random
        ) { inference throws(WeftError) in
            try inference.set(try inference.floatType("dtype"), inference.ints(attribute: "shape"))
        }
    }

    private static func like(_ name: String, _ attributes: [AttributeSpec]) -> Operator {
        Operator(
            name, since: 22, inputs: 1...1,
            attributes: attributes + [.optional("dtype", .int), .optional("seed", .float)], nature: .random
        ) { inference throws(WeftError) in
            let own = try inference.elementType(0)
            let type = inference.attributes["dtype"] == nil ? own : try inference.floatType("dtype")
            guard ElementTypes.floating.contains(type) else {
                throw WeftError(.invalidModel, "random numbers of type \(type) need a dtype")
            }
            try inference.set(type, inference.shape(0))
        }
    }
}

extension Inference {
    /// The floating-point type that an attribute names.
    fileprivate func floatType(_ name: String) throws(WeftError) -> ElementType {
        let type = try typeAttribute(name)
        guard ElementTypes.floating.contains(type) else {
            throw WeftError(.invalidModel, "\(name) \(type) is no floating-point type")
        }
        return type
    }
}
