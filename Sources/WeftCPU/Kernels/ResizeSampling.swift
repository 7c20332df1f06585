import WeftProvider

/// For every output position along one axis: the input positions that it is made of, and their weights.
struct AxisSampling: Sendable {
    let input: Int
    let output: Int
    /// Positions in the input and weights, `taps` for each output; -1 stands for the extrapolation value.
    let positions: [Int]
    let weights: [Double]
    let taps: Int

    var isIdentity: Bool {
        taps == 1 && input == output && weights.allSatisfy { $0 == 1 } && positions.elementsEqual(0..<output)
    }

    /// Whether each output lies on the line between two inputs, or is one.
    var isLine: Bool {
        guard positions.allSatisfy({ $0 >= 0 }) else { return false }
        if taps == 1 { return weights.allSatisfy { $0 == 1 } }
        guard taps == 2 else { return false }
        for index in 0..<output {
            let sum: Double = weights[2 * index] + weights[2 * index + 1]
            if (sum - 1).magnitude > 1e-12 { return false }
        }
        return true
    }

    /// For each output of a line: the inputs at its ends, and how far from the first it lies.
    var ends: [(first: Int, second: Int, part: Float)] {
        (0..<output).map { index in
            if taps == 1 { return (positions[index], positions[index], 0) }
            return (positions[2 * index], positions[2 * index + 1], Float(weights[2 * index + 1]))
        }
    }
}

/// How a Resize node samples, read from its attributes once.
struct ResizeSampling: Sendable {
    private(set) var axes: [AxisSampling] = []
    let isNearest: Bool
    let extrapolation: Double

    private let node: NodeView
    private let mode: String
    private let transform: String
    private let nearest: String
    private let antialias: Bool
    private let excludeOutside: Bool
    private let cubic: Double

    init(_ node: NodeView) throws(WeftError) {
        self.node = node
        mode = try node.string("mode")
        transform = try node.string("coordinate_transformation_mode")
        nearest = try node.string("nearest_mode")
        antialias = try node.flag("antialias")
        excludeOutside = try node.flag("exclude_outside")
        cubic = Double(try node.float("cubic_coeff_a"))
        extrapolation = Double(try node.float("extrapolation_value"))
        isNearest = mode == "nearest"
        axes = try samplings()
    }

    private func samplings() throws(WeftError) -> [AxisSampling] {
        let (x, y) = (node.inputShape(0), node.outputShape(0))
        let scales = try node.floats("resolved_scales")
        let resized = try node.ints("axes")
        let isSized = node.has(input: 3) && node.inputShape(3) != [0]
        let policy = try node.string("keep_aspect_ratio_policy")
        let exact = isSized && policy == "stretch"
        let region = try regionOfInterest()
        guard scales.count == x.count, x.count == y.count else {
            throw WeftError(.internalInconsistency, "scales and shapes disagree")
        }
        return x.indices.map { axis in
            let place = resized.firstIndex(of: axis)
            let scale = exact && x[axis] > 0 ? Double(y[axis]) / Double(x[axis]) : Double(scales[axis])
            var bounds = (0.0, 1.0)
            if let region, let place { bounds = (region[place], region[resized.count + place]) }
            let untouched = place == nil || (scale == 1 && x[axis] == y[axis] && bounds == (0, 1))
            return untouched
                ? AxisSampling(
                    input: x[axis], output: y[axis], positions: Array(0..<y[axis]),
                    weights: [Double](repeating: 1, count: y[axis]), taps: 1)
                : sampling(x[axis], y[axis], scale, bounds)
        }
    }

    /// The region of tf_crop_and_resize; nil for all other modes.
    private func regionOfInterest() throws(WeftError) -> [Double]? {
        guard transform == "tf_crop_and_resize" else { return nil }
        let count = 2 * (try node.ints("axes")).count
        guard let constant = node.input(1)?.constant else {
            throw WeftError(.invalidModel, "tf_crop_and_resize needs a region of interest")
        }
        let tensor = try constant.tensor()
        let values: [Double]
        switch constant.elementType {
        case .float32: values = try tensor.array(as: Float.self).map { Double($0) }
        case .float64: values = try tensor.array(as: Double.self)
        case .float16: values = try tensor.array(as: Float16.self).map { Double($0) }
        default: throw WeftError(.invalidModel, "the region of interest is \(constant.elementType)")
        }
        guard values.count == count else {
            throw WeftError(.invalidModel, "the region of interest should have \(count) elements, has \(values.count)")
        }
        return values
    }

    private func sampling(_ input: Int, _ output: Int, _ scale: Double, _ region: (Double, Double)) -> AxisSampling {
        var positions: [Int] = []
        var weights: [Double] = []
        var taps = 1
        for index in 0..<output {
            let x = position(index, input, output, scale, region)
            if transform == "tf_crop_and_resize", !(x >= 0 && x <= Double(input - 1)) {
                positions.append(-1)
                weights.append(1)
                continue
            }
            if isNearest {
                positions.append(clamped(rounded(x), input))
                weights.append(1)
            } else {
                let (first, list) = coefficients(x, input, scale)
                taps = list.count
                for (offset, weight) in list.enumerated() {
                    positions.append(clamped(first + Double(offset), input))
                    weights.append(weight)
                }
            }
        }
        guard taps > 1, positions.count != taps * output else {
            return AxisSampling(input: input, output: output, positions: positions, weights: weights, taps: taps)
        }
        return padded(positions, weights, taps, input, output)
    }

    /// Positions outside the region have one entry; this gives them as many as the others have.
    private func padded(
        _ positions: [Int], _ weights: [Double], _ taps: Int, _ input: Int, _ output: Int
    ) -> AxisSampling {
        var (even, factors): ([Int], [Double]) = ([], [])
        var index = 0
        while index < positions.count {
            let outside = positions[index] < 0
            let count = outside ? 1 : taps
            even += positions[index..<index + count]
            factors += weights[index..<index + count]
            if outside {
                even += [Int](repeating: -1, count: taps - 1)
                factors += [Double](repeating: 0, count: taps - 1)
            }
            index += count
        }
        return AxisSampling(input: input, output: output, positions: even, weights: factors, taps: taps)
    }

    private func position(
        _ index: Int, _ input: Int, _ output: Int, _ scale: Double, _ region: (Double, Double)
    ) -> Double {
        let y = Double(index)
        let width = scale * Double(input)
        let last = Double(input - 1)
        switch transform {
        case "align_corners": return width == 1 ? 0 : y * last / (width - 1)
        case "asymmetric": return y / scale
        case "tf_crop_and_resize":
            let (begin, end) = region
            return width == 1
                ? (end - begin) * last / 2 + begin * last : y * (end - begin) * last / (width - 1) + begin * last
        case "pytorch_half_pixel": return width == 1 ? -0.5 : (y + 0.5) / scale - 0.5
        case "half_pixel_symmetric":
            return Double(input) / 2 * (1 - Double(output) / width) + (y + 0.5) / scale - 0.5
        case "tf_half_pixel_for_nn": return (y + 0.5) / scale
        default: return (y + 0.5) / scale - 0.5
        }
    }

    private func rounded(_ x: Double) -> Double {
        switch nearest {
        case "floor": x.rounded(.down)
        case "ceil": x.rounded(.up)
        case "round_prefer_ceil": (x + 0.5).rounded(.down)
        default: (x - 0.5).rounded(.up)
        }
    }

    private func clamped(_ x: Double, _ size: Int) -> Int {
        x > 0 ? Int(Swift.min(x, Double(size - 1))) : 0
    }

    /// The first position, which may lie outside the input, and the weights from there on.
    private func coefficients(_ x: Double, _ input: Int, _ scale: Double) -> (first: Double, weights: [Double]) {
        let base = x.rounded(.down)
        let ratio = x - base
        let shrink = antialias ? Swift.min(scale, 1) : 1
        let reach = mode == "cubic" ? 2.0 : 1.0
        // Neighbours from base + begin to base + end: some eight inputs long at most, as an output has one element or more.
        let begin = (-reach / shrink).rounded(.down) + 1
        let end = 1 - begin
        var weights: [Double] = []
        for offset in stride(from: begin, through: end, by: 1) {
            let distance = ((offset - ratio) * shrink).magnitude
            weights.append(mode == "cubic" ? cubicWeight(distance) : Swift.max(0, 1 - distance))
        }
        let first = base + begin
        if excludeOutside {
            for index in weights.indices {
                let place = first + Double(index)
                if place < 0 || place > Double(input - 1) { weights[index] = 0 }
            }
        }
        if antialias || excludeOutside {
            let sum = weights.reduce(0, +)
            if sum != 0 { for index in weights.indices { weights[index] /= sum } }
        }
        return (first, weights)
    }

    /// Keys' cubic convolution kernel.
    private func cubicWeight(_ x: Double) -> Double {
        if x <= 1 { return ((cubic + 2) * x - (cubic + 3)) * x * x + 1 }
        return x < 2 ? ((cubic * x - 5 * cubic) * x + 8 * cubic) * x - 4 * cubic : 0
    }
}
