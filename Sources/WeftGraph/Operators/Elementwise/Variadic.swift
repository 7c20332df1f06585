import WeftProvider

/// Functions of any number of operands, with broadcasting.
extension Operator {
    package static let maximum = variadic("Max", .numeric)
    package static let mean = variadic("Mean", .floating)
    package static let minimum = variadic("Min", .numeric)
    package static let sum = variadic("Sum", .floating)

    private static func variadic(_ name: String, _ types: ElementTypes) -> Operator {
        Operator(name, since: 13, inputs: 1...Int.max, infer: Rules.broadcast(types))
    }

    /// Elements of the second operand where the first is true, else of the third.
    package static let selection = Operator("Where", since: 16, inputs: 3...3) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: [.bool])
        let type = try inference.elementType(1)
        guard try inference.elementType(2) == type else {
            throw WeftError(
                .invalidModel,
                "inputs 1 and 2 should have one type, have \(type) and \(try inference.elementType(2))")
        }
        try inference.set(type, try Rules.broadcastShape(inference))
    }
}
