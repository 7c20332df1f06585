import WeftProvider

extension Operator {
    /// The Fourier transform of frames of a signal [N, L, 1 or 2], `frame_step` apart, under a window where there is one.
    ///
    /// Gives [N, frames, bins, 2]; `onesided` keeps the first half of the spectrum of a real signal.
    package static let stft = Operator(
        "STFT", since: 17, inputs: 2...4, attributes: [.int("onesided", 1)], hostInputs: [1, 3]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        if inference.has(2), try inference.elementType(2) != type {
            throw WeftError(.invalidModel, "signal and window should have one type")
        }
        let (window, given) = (inference.shape(2), try inference.ints(3))
        guard let x = inference.shape(0), let step = try inference.ints(1)?.first,
            window != nil || !inference.has(2), given != nil || !inference.has(3)
        else { return try inference.set(type, nil) }
        guard x.count == 3, x[2] == 1 || x[2] == 2 else {
            throw WeftError(.invalidModel, "a signal of shape \(x) has no last axis of one or two parts")
        }
        guard let length = given?.first ?? window?.first, (1...1 << 24).contains(length), length <= x[1],
            (1...1 << 40).contains(step)
        else {
            throw WeftError(
                .invalidModel,
                "frames of \(given?.first ?? window?.first ?? 0) elements, \(step) apart, do not fit \(x)")
        }
        if let window, window != [length] {
            throw WeftError(.invalidModel, "a window of shape \(window) does not fit frames of \(length) elements")
        }
        let half = try inference.int("onesided") != 0
        guard !half || x[2] == 1 else { throw WeftError(.invalidModel, "onesided is for real signals") }
        inference.attributes["frame_step"] = .int(Int64(step))
        inference.attributes["frame_length"] = .int(Int64(length))
        try inference.set(type, [x[0], (x[1] - length) / step + 1, half ? length / 2 + 1 : length, 2])
    }
}
