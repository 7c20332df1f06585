import WeftProvider

extension Operator {
    /// The discrete Fourier transform along an axis; the last axis has a real part, or a real and an imaginary one.
    ///
    /// `onesided` keeps the first half of the spectrum of a real signal; with `inverse` it is the way back. Axis and
    /// length are resolved into attributes.
    package static let dft = Operator(
        "DFT", since: 20, inputs: 1...3, attributes: [.int("inverse", 0), .int("onesided", 0)], hostInputs: [1, 2],
        lift: { draft, opset, builder throws(WeftError) in
            guard opset < 20 else { return false }
            var axis: Int64 = 1
            if case .int(let given) = draft.attributes["axis"] { axis = given }
            draft.attributes["axis"] = nil
            while draft.inputs.count < 2 { draft.inputs.append(Node.absent) }
            draft.inputs.append(builder.constant(ConstantFactory.constant(Tensor(scalar: axis))))
            return false
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        let wanted = try inference.ints(2) ?? (inference.has(2) ? nil : [-2])
        let given = try inference.ints(1)
        guard let x = inference.shape(0), let number = wanted?.first, given != nil || !inference.has(1) else {
            return try inference.set(type, nil)
        }
        guard x.count >= 2, let parts = x.last, parts == 1 || parts == 2 else {
            throw WeftError(.invalidModel, "a signal of shape \(x) has no last axis of one or two parts")
        }
        let axis = try inference.resolve(axis: number, rank: x.count)
        guard axis < x.count - 1 else { throw WeftError(.invalidModel, "axis \(number) is that of the parts") }
        let (inverse, half) = (try inference.int("inverse") != 0, try inference.int("onesided") != 0)
        let length = given?.first ?? (inverse && half ? 2 &* (x[axis] &- 1) : x[axis])
        guard length >= 1, length <= 1 << 30 else {
            throw WeftError(.invalidModel, "a transform of length \(length) is not possible")
        }
        inference.attributes["axis"] = .int(Int64(axis))
        inference.attributes["dft_length"] = .int(Int64(length))
        var y = x
        y[axis] = half && !inverse ? length / 2 + 1 : length
        y[x.count - 1] = half && inverse ? 1 : 2
        try inference.set(type, y)
    }

    package static let blackmanWindow = window("BlackmanWindow")
    package static let hammingWindow = window("HammingWindow")
    package static let hannWindow = window("HannWindow")

    /// Weights of a signal's samples that fall off towards both ends.
    private static func window(_ name: String) -> Operator {
        Operator(
            name, since: 17, inputs: 1...1, attributes: [.int("output_datatype", 1), .int("periodic", 1)],
            hostInputs: [0]
        ) { inference throws(WeftError) in
            let type = try inference.typeAttribute("output_datatype")
            guard ElementTypes.numeric.contains(type) else {
                throw WeftError(.invalidModel, "a window cannot be of type \(type)")
            }
            try inference.set(type, try inference.ints(0).map { Array($0.prefix(1)) })
        }
    }
}
