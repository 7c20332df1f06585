public import WeftProvider

/// The outputs of one run, in the model's order.
public struct Outputs: Sendable, Sequence {
    public let names: [String]
    public let values: [Value]

    /// A numeric output by name. Throws `.invalidInput` where there is none, or it is no tensor of numbers.
    public subscript(name: String) -> Tensor {
        get throws(WeftError) {
            guard let value = value(name) else {
                throw WeftError(
                    .invalidInput, "there is no output '\(name)'",
                    hint: "the outputs are \(names.joined(separator: ", "))")
            }
            guard let tensor = value.tensor else {
                throw WeftError(.invalidInput, "output '\(name)' is a \(value.type)", hint: "ask for it with value(_:)")
            }
            return tensor
        }
    }

    /// An output of any kind by name; nil where there is none.
    public func value(_ name: String) -> Value? { names.firstIndex(of: name).map { values[$0] } }

    public func makeIterator() -> Zip2Sequence<[String], [Value]>.Iterator { zip(names, values).makeIterator() }
}
