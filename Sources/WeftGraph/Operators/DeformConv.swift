import WeftProvider

extension Operator {
    /// A convolution whose taps are displaced by offsets of their own, and weighted by a mask where there is one.
    ///
    /// Takes x [N, C, H, W], weights [M, C / group, h, w], offsets [N, offset_group · h · w · 2, H', W'], each a row's
    /// and a column's, an optional bias [M] and an optional mask [N, offset_group · h · w, H', W'].
    package static let deformConv = Operator(
        "DeformConv", since: 22, inputs: 3...5,
        attributes: SlidingWindow.attributes + [.int("group", 1), .int("offset_group", 1)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        guard let x = inference.shape(0), let w = inference.shape(1), let offsets = inference.shape(2) else {
            return try inference.set(type, nil)
        }
        guard x.count == 4, w.count == 4 else {
            throw WeftError(.invalidModel, "input \(x) and weights \(w) should have two spatial axes")
        }
        let (group, sets) = (try inference.int("group"), try inference.int("offset_group"))
        guard group >= 1, sets >= 1, w[1].multipliedReportingOverflow(by: group) == (x[1], false), w[0] % group == 0,
            x[1] % sets == 0
        else {
            throw WeftError(
                .invalidModel,
                "group \(group) and offset_group \(sets) do not fit input \(x) and weights \(w)")
        }
        var window = try SlidingWindow(inference, input: Array(x[2...]), kernel: Array(w[2...]))
        let y = [x[0], w[0]] + (try window.outputs())
        window.store(in: &inference)
        try inference.set(type, y)
        guard let taps = [sets, w[2], w[3]].checkedElementCount, taps <= 1 << 40,
            offsets == [x[0], 2 * taps, y[2], y[3]]
        else { throw WeftError(.invalidModel, "offsets of shape \(offsets) do not fit an output of shape \(y)") }
        if let bias = inference.shape(3), bias != [w[0]] {
            throw WeftError(.invalidModel, "a bias of shape \(bias) does not fit \(w[0]) output channels")
        }
        if let mask = inference.shape(4), mask != [x[0], taps, y[2], y[3]] {
            throw WeftError(.invalidModel, "a mask of shape \(mask) does not fit an output of shape \(y)")
        }
    }
}
