import WeftProvider

/// Arithmetic on two tensors that broadcast, by operator.
extension CPUKernels {
    static let add = binary("Add", .numeric, .elementwise, Addition.self)
    static let div = binary("Div", .numeric, .elementwise, Division.self)
    static let mul = binary("Mul", .numeric, .elementwise, Multiplication.self)
    static let sub = binary("Sub", .numeric, .elementwise, Subtraction.self)
    static let prelu = binary("PRelu", .numeric, .reference, SlopedRectifier.self)
    static let mod = binary("Mod", .numeric, .reference, FlooredRemainder.self, if: fmod(false))
    static let fmod = binary("Mod", .numeric, .reference, TruncatedRemainder.self, if: fmod(true))

    private static func fmod(_ wanted: Bool) -> Condition {
        Condition("fmod = \(wanted ? 1 : 0)") { node, _ in
            guard case .int(let value) = node.attributes["fmod"], (value != 0) == wanted else {
                return .attribute("fmod", got: node.attributes["fmod"]?.text ?? "nothing")
            }
            return nil
        }
    }
}
