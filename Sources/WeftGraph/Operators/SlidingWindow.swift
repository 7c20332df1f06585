package import WeftProvider

/// The window that a convolution or pooling slides over the spatial axes, its attributes resolved.
package struct SlidingWindow {
    package let input: [Int]
    package let kernel: [Int]
    package let strides: [Int]
    package let dilations: [Int]
    /// Begin of every axis, then end of every axis.
    package private(set) var pads: [Int]
    private let autoPad: String

    /// Reads `strides`, `dilations`, `pads` and `auto_pad`; `kernel` stands for `kernel_shape` where that is absent.
    package init(_ inference: Inference, input: [Int], kernel given: [Int]? = nil) throws(WeftError) {
        let axes = input.count
        func list(_ name: String, count: Int, standard: Int, least: Int) throws(WeftError) -> [Int] {
            guard let values = inference.ints(attribute: name), !values.isEmpty else {
                return [Int](repeating: standard, count: count)
            }
            guard values.count == count else {
                throw WeftError(.invalidModel, "\(name) should have \(count) elements, is \(values)")
            }
            guard values.allSatisfy({ $0 >= least && $0 <= WindowAxis.limit }) else {
                throw WeftError(.invalidModel, "\(name) should lie in \(least) ... \(WindowAxis.limit), is \(values)")
            }
            return values
        }
        let declared = inference.ints(attribute: "kernel_shape")
        guard let kernel = declared ?? given else { throw WeftError(.invalidModel, "kernel_shape is missing") }
        if let declared, let given, declared != given {
            throw WeftError(.invalidModel, "kernel_shape is \(declared), but the weights have \(given)")
        }
        guard kernel.count == axes, kernel.allSatisfy({ $0 >= 1 && $0 <= WindowAxis.limit }) else {
            throw WeftError(.invalidModel, "kernel_shape should have \(axes) positive elements, is \(kernel)")
        }
        guard input.allSatisfy({ $0 <= WindowAxis.largestGrid }) else {
            throw WeftError(.invalidModel, "a spatial size of \(input) is too large")
        }
        self.input = input
        self.kernel = kernel
        strides = try list("strides", count: axes, standard: 1, least: 1)
        dilations = try list("dilations", count: axes, standard: 1, least: 1)
        autoPad = inference.string("auto_pad") ?? "NOTSET"
        pads =
            autoPad == "NOTSET" || autoPad.isEmpty
            ? try list("pads", count: 2 * axes, standard: 0, least: -WindowAxis.limit)
            : [Int](repeating: 0, count: 2 * axes)
    }

    /// Input elements from the first that a window covers to the last.
    package func extent(_ axis: Int) -> Int { WindowAxis.extent(kernel: kernel[axis], dilation: dilations[axis]) }

    /// Output sizes of a convolution or pooling; resolves `auto_pad` into `pads`.
    ///
    /// With `ceil`, a last window that hangs over the end counts, unless it would start in the padding there.
    package mutating func outputs(ceil: Bool = false) throws(WeftError) -> [Int] {
        var sizes: [Int] = []
        for axis in input.indices {
            try resolveAutoPad(axis)
            let (begin, end) = (pads[axis], pads[input.count + axis])
            guard
                let windows = WindowAxis(
                    fitting: input[axis], kernel: kernel[axis], stride: strides[axis], dilation: dilations[axis],
                    begin: begin, end: end, ceil: ceil)
            else {
                throw WeftError(
                    .invalidModel,
                    "the window covers \(extent(axis)) elements of spatial axis \(axis), the padded input has "
                        + "\(input[axis] + begin + end)")
            }
            sizes.append(windows.steps)
        }
        return sizes
    }

    private mutating func resolveAutoPad(_ axis: Int) throws(WeftError) {
        switch autoPad {
        case "NOTSET", "", "VALID": return
        case "SAME_UPPER", "SAME_LOWER":
            let size = (input[axis] + strides[axis] - 1) / strides[axis]
            let total = max((size - 1) * strides[axis] + extent(axis) - input[axis], 0)
            setPads(axis, total: total, upper: autoPad == "SAME_UPPER")
        default: throw WeftError(.invalidModel, "auto_pad is '\(autoPad)', which is no way to pad")
        }
    }

    /// Splits padding over both ends; an odd one goes to the end where `upper`, else to the begin.
    private mutating func setPads(_ axis: Int, total: Int, upper: Bool) {
        let less = total >= 0 ? total / 2 : -((1 - total) / 2)
        pads[axis] = upper ? less : total - less
        pads[input.count + axis] = upper ? total - less : less
    }

    /// Output sizes of a transposed convolution; resolves `auto_pad` and `output_shape` into `pads`.
    package mutating func transposedOutputs(
        padding outputPadding: [Int], shape: [Int]?
    ) throws(WeftError) -> [Int] {
        var sizes: [Int] = []
        for axis in input.indices {
            guard input[axis] <= 1 << 62 / (2 * strides[axis]) else {
                throw WeftError(
                    .invalidModel,
                    "\(input[axis]) elements of spatial axis \(axis), \(strides[axis]) apart, are too many")
            }
            let full = strides[axis] * max(input[axis] - 1, 0) + outputPadding[axis] + extent(axis)
            let same = autoPad == "SAME_UPPER" || autoPad == "SAME_LOWER"
            if let wanted = shape?[axis] ?? (same ? input[axis] * strides[axis] : nil) {
                guard wanted >= 0, wanted <= WindowAxis.largestGrid else {
                    throw WeftError(.invalidModel, "output_shape has \(wanted) for spatial axis \(axis)")
                }
                setPads(axis, total: full - wanted, upper: autoPad == "SAME_UPPER")
                sizes.append(wanted)
            } else {
                let size = full - pads[axis] - pads[input.count + axis]
                guard size >= 0 else {
                    throw WeftError(.invalidModel, "pads \(pads) take more than spatial axis \(axis) has")
                }
                sizes.append(size)
            }
        }
        return sizes
    }

    /// Puts the resolved attributes in place of the given ones.
    package func store(in inference: inout Inference) {
        func ints(_ values: [Int]) -> Attribute { .ints(values.map { Int64($0) }) }
        inference.attributes["kernel_shape"] = ints(kernel)
        inference.attributes["strides"] = ints(strides)
        inference.attributes["dilations"] = ints(dilations)
        inference.attributes["pads"] = ints(pads)
        inference.attributes["auto_pad"] = .string("NOTSET")
    }

    /// The attributes that this reads.
    package static let attributes: [Operator.AttributeSpec] = [
        .string("auto_pad", "NOTSET"), .optional("dilations", .ints), .optional("kernel_shape", .ints),
        .optional("pads", .ints), .optional("strides", .ints),
    ]
}
