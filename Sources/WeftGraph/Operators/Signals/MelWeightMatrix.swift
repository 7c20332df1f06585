import WeftProvider

extension Operator {
    /// Triangular weights [spectrum bins, mel bins] that gather a spectrum into bands as wide as the ear's.
    package static let melWeightMatrix = Operator(
        "MelWeightMatrix", since: 17, inputs: 5...5, attributes: [.int("output_datatype", 1)],
        hostInputs: [0, 1, 2, 3, 4]
    ) { inference throws(WeftError) in
        let type = try inference.typeAttribute("output_datatype")
        guard ElementTypes.numeric.contains(type) else {
            throw WeftError(.invalidModel, "weights cannot be of type \(type)")
        }
        guard let bins = try inference.ints(0)?.first, let length = try inference.ints(1)?.first else {
            return try inference.set(type, nil)
        }
        guard (0...1 << 24).contains(bins), (0...1 << 30).contains(length) else {
            throw WeftError(.invalidModel, "\(bins) mel bins of a transform of length \(length) are not possible")
        }
        try inference.set(type, [length / 2 + 1, bins])
    }
}
