import WeftProvider

/// Logic on booleans and on the bits of integers.
extension CPUKernels {
    private static func bitwise(
        _ opType: String, _ types: ElementTypes, _ function: BitFunction
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(types),
            variants: { node, _ in
                [Variant("plain", work: .elements(of: node, rate: .reference), inPlace: Variant.sharing(node))]
            },
            kernel: HostKernel { node throws(WeftError) in
                let plan = Broadcast(binary: node.view)
                switch node.view.inputType(0)?.byteWidth {
                case 1: return function.body(plan, UInt8.self)
                case 2: return function.body(plan, UInt16.self)
                case 4: return function.body(plan, UInt32.self)
                default: return function.body(plan, UInt64.self)
                }
            })
    }

    static let and = bitwise("And", [.bool], .and)
    static let bitwiseAnd = bitwise("BitwiseAnd", .integer, .and)
    static let bitwiseOr = bitwise("BitwiseOr", .integer, .or)
    static let bitwiseXor = bitwise("BitwiseXor", .integer, .xor)
    static let or = bitwise("Or", [.bool], .or)
    static let xor = bitwise("Xor", [.bool], .xor)

    /// Bits shifted LEFT or RIGHT; a shift that is negative or at least the width leaves only copies of the sign.
    static let bitShift = SupportRow(
        "BitShift", types: TypeConstraint(.integer),
        variants: { node, _ in
            [Variant("plain", work: .elements(of: node, rate: .reference), inPlace: Variant.sharing(node))]
        },
        kernel: HostKernel { node throws(WeftError) in
            let plan = Broadcast(binary: node.view)
            let left = try node.view.string("direction") == "LEFT"
            switch node.view.inputType(0) {
            case .uint8: return shift(plan, left, UInt8.self)
            case .uint16: return shift(plan, left, UInt16.self)
            case .uint32: return shift(plan, left, UInt32.self)
            case .uint64: return shift(plan, left, UInt64.self)
            case .int8: return shift(plan, left, Int8.self)
            case .int16: return shift(plan, left, Int16.self)
            case .int32: return shift(plan, left, Int32.self)
            default: return shift(plan, left, Int64.self)
            }
        })

    private static func shift<T: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ plan: Broadcast, _ left: Bool, _: T.Type
    ) -> HostKernel.Body {
        mapPairs(plan) { (a: T, b: T) -> T in
            guard b >= 0, b < T.bitWidth else { return !left && a < 0 ? ~0 : 0 }
            return left ? a &<< b : a &>> b
        }
    }
}

private enum BitFunction {
    case and, or, xor

    func body<T: FixedWidthInteger & BitwiseCopyable & Sendable>(_ plan: Broadcast, _: T.Type) -> HostKernel.Body {
        switch self {
        case .and: CPUKernels.mapPairs(plan) { (a: T, b: T) in a & b }
        case .or: CPUKernels.mapPairs(plan) { (a: T, b: T) in a | b }
        case .xor: CPUKernels.mapPairs(plan) { (a: T, b: T) in a ^ b }
        }
    }
}
