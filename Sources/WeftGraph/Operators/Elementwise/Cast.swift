package import WeftProvider

extension Operator {
    private static let options: [AttributeSpec] = [.int("saturate", 1), .string("round_mode", "up")]

    /// The input as elements of another type. Opsets below 6 name the type by a word.
    package static let cast = Operator(
        "Cast", since: 28, inputs: 1...1, attributes: [.required("to", .int)] + options,
        lift: { draft, opset, builder throws(WeftError) in
            if case .string(let name) = draft.attributes["to"] {
                guard let type = typeNames[name] else {
                    throw WeftError(.invalidModel, "attribute 'to' names no type: \"\(name)\"")
                }
                draft.attributes["to"] = .int(Int64(type.rawValue))
            }
            return false
        }
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0)
        try inference.set(try inference.elementType(attribute: "to"), inference.shape(0))
    }

    /// The input as elements of the second input's type.
    package static let castLike = Operator(
        "CastLike", since: 25, inputs: 2...2, attributes: options
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0)
        try inference.set(try inference.elementType(1), inference.shape(0))
    }

    private static let typeNames: [String: ElementType] = [
        "FLOAT": .float32, "UINT8": .uint8, "INT8": .int8, "UINT16": .uint16, "INT16": .int16, "INT32": .int32,
        "INT64": .int64, "STRING": .string, "BOOL": .bool, "FLOAT16": .float16, "DOUBLE": .float64,
        "UINT32": .uint32, "UINT64": .uint64, "COMPLEX64": .complex64, "COMPLEX128": .complex128,
    ]
}

extension Inference {
    /// The element type whose ONNX number an attribute has; `standard` where it is absent.
    package func elementType(
        attribute name: String, default standard: ElementType? = nil
    ) throws(WeftError) -> ElementType {
        if attributes[name] == nil, let standard { return standard }
        let number = try int(name)
        guard let type = UInt8(exactly: number).flatMap(ElementType.init(rawValue:)) else {
            throw WeftError(.invalidModel, "attribute '\(name)' names no element type: \(number)")
        }
        return type
    }
}
