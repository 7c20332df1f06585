#if Vulkan
    import WeftProvider

    /// How one axis is interpolated: for each output coordinate, `taps` input coordinates and their weights.
    struct ResizeAxis {
        let taps: Int
        let indices: [UInt32]
        let weights: [Float]

        /// How an output coordinate becomes an input coordinate, and how its neighbours count.
        struct Mode {
            let interpolation: String
            let coordinates: String
            let rounding: String
            let cubic: Double
            let excludeOutside: Bool

            init(_ node: NodeView) {
                interpolation = node.string("mode", otherwise: "nearest")
                coordinates = node.string("coordinate_transformation_mode", otherwise: "half_pixel")
                rounding = node.string("nearest_mode", otherwise: "round_prefer_floor")
                cubic = Double(node.float("cubic_coeff_a", otherwise: -0.75))
                excludeOutside = node.int("exclude_outside", otherwise: 0) != 0
            }
        }

        /// `scale` is output over input, as the node states it, not as the sizes round it.
        init(input: Int, output: Int, scale: Double, _ mode: Mode) {
            let last = input - 1
            // An axis that keeps its size has one tap, whatever the mode.
            let plain = input == output && scale == 1
            let taps = plain || mode.interpolation == "nearest" ? 1 : (mode.interpolation == "linear" ? 2 : 4)
            var indices: [UInt32] = []
            var weights: [Float] = []
            for position in 0..<output {
                let x = plain ? Double(position) : Self.source(position, input, output, scale, mode.coordinates)
                if taps == 1 {
                    indices.append(UInt32(max(0, min(last, plain ? position : Self.nearest(x, mode.rounding)))))
                    weights.append(1)
                    continue
                }
                let floor = x.rounded(.down)
                let first = Int(floor) - (taps / 2 - 1)
                var parts = taps == 2 ? [1 - (x - floor), x - floor] : Self.cubic(x - floor, mode.cubic)
                if taps == 4, mode.excludeOutside {
                    for tap in 0..<4 where !(0...last).contains(first + tap) { parts[tap] = 0 }
                    let sum = parts.reduce(0, +)
                    parts = parts.map { $0 / sum }
                }
                for tap in 0..<taps {
                    indices.append(UInt32(max(0, min(last, first + tap))))
                    weights.append(Float(parts[tap]))
                }
            }
            self.taps = taps
            self.indices = indices
            self.weights = weights
        }

        private static func source(
            _ position: Int, _ input: Int, _ output: Int, _ scale: Double, _ mode: String
        ) -> Double {
            let p = Double(position)
            // As the standard's reference has it: not rounded to the output's size.
            let width = scale * Double(input)
            switch mode {
            case "asymmetric": return p / scale
            case "align_corners": return width == 1 ? 0 : p * Double(input - 1) / (width - 1)
            case "pytorch_half_pixel": return width == 1 ? -0.5 : (p + 0.5) / scale - 0.5
            case "half_pixel_symmetric":
                let adjustment = Double(output) / (scale * Double(input))
                let center = Double(input) / 2
                return center * (1 - adjustment) + (p + 0.5) / scale - 0.5
            default: return (p + 0.5) / scale - 0.5
            }
        }

        private static func nearest(_ x: Double, _ rounding: String) -> Int {
            switch rounding {
            case "floor": return Int(x.rounded(.down))
            case "ceil": return Int(x.rounded(.up))
            case "round_prefer_ceil": return Int((x + 0.5).rounded(.down))
            default: return Int((x - 0.5).rounded(.up))
            }
        }

        private static func cubic(_ t: Double, _ a: Double) -> [Double] {
            [
                ((a * (t + 1) - 5 * a) * (t + 1) + 8 * a) * (t + 1) - 4 * a,
                ((a + 2) * t - (a + 3)) * t * t + 1,
                ((a + 2) * (1 - t) - (a + 3)) * (1 - t) * (1 - t) + 1,
                ((a * (2 - t) - 5 * a) * (2 - t) + 8 * a) * (2 - t) - 4 * a,
            ]
        }
    }

    extension VulkanKernel {
        static let resize = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            guard let scales = VulkanTable.resizeScales(node) else {
                throw WeftError(.internalInconsistency, "a Resize whose scales are not known")
            }
            let shape = node.inputShape(0)
            let out = node.outputShape(0)
            let mode = ResizeAxis.Mode(node)
            let rank = shape.count
            func axis(_ fromEnd: Int) -> ResizeAxis {
                guard fromEnd <= rank else { return ResizeAxis(input: 1, output: 1, scale: 1, mode) }
                let at = rank - fromEnd
                return ResizeAxis(input: shape[at], output: out[at], scale: scales[at], mode)
            }
            let rows = axis(2)
            let columns = axis(1)
            let height = rank > 1 ? shape[rank - 2] : 1
            let outHeight = rank > 1 ? out[rank - 2] : 1
            try lowering.dispatch(
                "resize_f32", [UInt32(rows.taps), UInt32(columns.taps)],
                [
                    .read(try lowering.input(0)), .read(try lowering.table(rows.indices)),
                    .read(try lowering.table(rows.weights)), .read(try lowering.table(columns.indices)),
                    .read(try lowering.table(columns.weights)), .write(try lowering.output()),
                ],
                push: [UInt32].words(out.elementCount, height, shape[rank - 1], outHeight, out[rank - 1]),
                elements: out.elementCount)
        }
    }

    extension VulkanTable {
        static let resize = row(
            "Resize", types: TypeConstraint([.float32], operands: [3: [.int64]]),
            if: .rank(1...8) && .attribute("mode", in: ["nearest", "linear", "cubic"])
                && .attribute("antialias", is: 0)
                && .attribute(
                    "coordinate_transformation_mode",
                    in: [
                        "half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel", "half_pixel_symmetric",
                    ])
                && resizable,
            work: { node in
                let taps: [String: Double] = ["linear": 4, "cubic": 16]
                let flops = 2 * (taps[node.string("mode", otherwise: "nearest")] ?? 1)
                return .elements(of: node, flopsPerElement: flops)
            }, .resize)

        private static let resizable = Condition.check("last two axes, known scales") { node in
            guard let scales = resizeScales(node) else { return .runtimeOperand(node.has(input: 2) ? 2 : 3) }
            let shape = node.inputShape(0)
            let out = node.outputShape(0)
            guard shape.count == out.count else { return .rank(shape.count, operand: 0) }
            for axis in shape.indices.dropLast(2) where shape[axis] != out[axis] || scales[axis] != 1 {
                return .other("it resizes the last two axes only, not axis \(axis)")
            }
            return scales.allSatisfy { $0 > 0 && $0.isFinite } ? nil : .other("a scale is not positive")
        }

        /// Output over input for every axis; nil where it depends on run-time values.
        static func resizeScales(_ node: NodeView) -> [Double]? {
            let shape = node.inputShape(0)
            let out = node.outputShape(0)
            guard shape.count == out.count else { return nil }
            if case .floats(let resolved) = node.attributes["resolved_scales"], resolved.count == shape.count {
                return resolved.map { Double($0) }
            }
            let axes = node.ints("axes", otherwise: Array(shape.indices)).map { $0 < 0 ? $0 + shape.count : $0 }
            var scales = [Double](repeating: 1, count: shape.count)
            let given = node.constantFloats(2) ?? []
            if !given.isEmpty {
                guard given.count == axes.count else { return nil }
                for (axis, scale) in zip(axes, given) where shape.indices.contains(axis) {
                    scales[axis] = Double(scale)
                }
                return scales
            }
            if let operand = node.input(2), operand.constant == nil { return nil }
            guard node.string("keep_aspect_ratio_policy", otherwise: "stretch") == "stretch" else { return nil }
            for axis in axes where shape.indices.contains(axis) && shape[axis] > 0 {
                scales[axis] = Double(out[axis]) / Double(shape[axis])
            }
            return scales
        }
    }
#endif
