import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let gridSample = SupportRow(
        "GridSample", types: TypeConstraint(.floating),
        if: .rank(3...5)
            && Condition("one type") { node, _ in
                node.inputType(1) == node.inputType(0) ? nil : node.inputType(1).map { .type($0, operand: 1) }
            },
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 16, rate: .reference))] },
        kernel: GridSampleReference.kernel)
}

/// How coordinates of one axis become elements to read, and their weights.
private struct GridAxis: Sendable {
    let size: Int
    let aligned: Bool
    let mode: String
    let padding: String

    /// Calls `tap` for each element that counts at normalised coordinate `n`, with its weight.
    func forEachTap(_ n: Double, _ tap: (_ index: Int, _ weight: Double) -> Void) {
        var x = aligned ? (n + 1) / 2 * Double(size - 1) : ((n + 1) * Double(size) - 1) / 2
        if mode == "nearest" { x = x.rounded(.toNearestOrEven) }
        x = x.isNaN ? -1 : Swift.max(-0x1p40, Swift.min(0x1p40, x))
        let (low, high) = aligned ? (0, Double(size - 1)) : (-0.5, Double(size) - 0.5)
        if x < low || x > high {
            if padding == "border" { x = Swift.max(0, Swift.min(Double(size - 1), x)) }
            if padding == "reflection" { x = reflect(x, low, high) }
        }
        let base = Int(x.rounded(.down))
        let t = x - Double(base)
        switch mode {
        case "nearest": give(Int(x), 1, tap)
        case "linear":
            give(base, 1 - t, tap)
            give(base + 1, t, tap)
        default: for offset in -1...2 { give(base + offset, Self.cubic((Double(offset) - t).magnitude), tap) }
        }
    }

    private func give(_ index: Int, _ weight: Double, _ tap: (Int, Double) -> Void) {
        var index = index
        if index < 0 || index >= size {
            switch padding {
            case "zeros": return
            case "border": index = Swift.max(0, Swift.min(size - 1, index))
            default:
                let (low, high) = aligned ? (0, Double(size - 1)) : (-0.5, Double(size) - 0.5)
                index = Swift.max(0, Swift.min(size - 1, Int(reflect(Double(index), low, high))))
            }
        }
        tap(index, weight)
    }

    private func reflect(_ x: Double, _ low: Double, _ high: Double) -> Double {
        let span = high - low
        guard span > 0 else { return Swift.max(low, 0) }
        let distance = x < low ? low - x : x - high
        guard distance > 0 else { return x }
        let folds = (distance / span).rounded(.towardZero)
        let rest = distance - folds * span
        let even = folds.truncatingRemainder(dividingBy: 2) == 0
        return (x < low) == even ? low + rest : high - rest
    }

    /// Keys' kernel with a = -0.75.
    private static func cubic(_ x: Double) -> Double {
        let a = -0.75
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }
}

private enum GridSampleReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let (x, y) = (node.view.inputShape(0), node.view.outputShape(0))
        let aligned = try node.view.flag("align_corners")
        let (mode, padding) = (try node.view.string("mode"), try node.view.string("padding_mode"))
        // Axes in front that are missing have size 1 and are read at their only element.
        let axes = x[2...].map { GridAxis(size: $0, aligned: aligned, mode: mode, padding: padding) }
        let missing = 3 - axes.count
        let sizes = [Int](repeating: 1, count: missing) + x[2...]
        let batch = x[0]
        let (channels, plane) = (x[1], sizes.reduce(1, &*))
        let points = y[2...].reduce(1, &*)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let grid = invocation.input(1, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: batch * points, grain: 64) { range, _ in
                for point in range {
                    let (image, position) = point.quotientAndRemainder(dividingBy: points)
                    let place = grid + point * axes.count
                    func taps(_ axis: Int, _ tap: (Int, Double) -> Void) {
                        guard axis >= missing else { return tap(0, 1) }
                        axes[axis - missing].forEachTap(Double(place[2 - axis].work), tap)
                    }
                    for channel in 0..<channels {
                        let source = x + (image * channels + channel) * plane
                        var sum = 0.0
                        taps(0) { d, depth in
                            taps(1) { h, height in
                                taps(2) { w, width in
                                    sum +=
                                        depth * height * width
                                        * Double(source[(d * sizes[1] + h) * sizes[2] + w].work)
                                }
                            }
                        }
                        y[(image * channels + channel) * points + position] = E(work: E.Work(sum))
                    }
                }
            }
        }
    }
}
