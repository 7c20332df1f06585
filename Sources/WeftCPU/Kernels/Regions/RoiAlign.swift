import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Samples on a grid within each bin.
    static let roiAlign = SupportRow(
        "RoiAlign", types: TypeConstraint(.floating, operands: [2: [.int64]]), if: .rank(4...4) && .boxesLikeInput,
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 40, rate: .reference))] },
        kernel: RoiAlignReference.kernel)
}

extension Condition {
    /// Boxes are of the input's type.
    static let boxesLikeInput = Condition("one type") { node, _ in
        node.inputType(1) == node.inputType(0) ? nil : node.inputType(1).map { .type($0, operand: 1) }
    }
}

/// A box cut into bins, with the samples that each bin takes along one axis.
private struct BinAxis {
    let start: Double
    let bin: Double
    let samples: Int

    /// `ratio` samples a bin, or as many as it has elements where that is zero.
    init(_ low: Double, _ high: Double, bins: Int, ratio: Int, shift: Double, least: Double) throws(WeftError) {
        let length = Swift.max(high - low, least)
        bin = length / Double(bins)
        guard low.isFinite, bin.magnitude <= 4096 else {
            throw WeftError(.invalidData, "a box from \(low) to \(high) cannot be cut into \(bins) bins")
        }
        start = low - shift
        samples = ratio > 0 ? ratio : Swift.max(0, Int(bin.rounded(.up)))
    }

    func position(_ bin: Int, _ sample: Int) -> Double {
        start + Double(bin) * self.bin + (Double(sample) + 0.5) * self.bin / Double(samples)
    }
}

/// The two elements that a position lies between, and the share of the second; nil outside.
private struct Between {
    let low: Int
    let high: Int
    let share: Double

    init?(_ position: Double, size: Int) {
        guard position >= -1, position <= Double(size) else { return nil }
        let inside = Swift.max(position, 0)
        let first = Int(inside)
        if first >= size - 1 {
            (low, high, share) = (size - 1, size - 1, 0)
        } else {
            (low, high, share) = (first, first + 1, inside - Double(first))
        }
    }
}

private enum RoiAlignReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let view = node.view
        let (x, y) = (view.inputShape(0), view.outputShape(0))
        let ratio = try view.int("sampling_ratio")
        let scale = Double(try view.float("spatial_scale"))
        let half = try view.string("coordinate_transformation_mode") == "half_pixel"
        let greatest = try view.string("mode") == "max"
        let (height, width, plane) = (x[2], x[3], x[2] * x[3])
        return { invocation throws(WeftError) in
            let pixels = invocation.input(0, as: E.self)
            let boxes = invocation.input(1, as: E.self)
            let images = invocation.input(2, as: Int64.self)
            let output = invocation.output(0, as: E.self)
            for box in 0..<y[0] {
                let corners = (0..<4).map { boxes[4 * box + $0].work.double * scale }
                guard let image = Int(exactly: images[box]), (0..<x[0]).contains(image) else {
                    throw WeftError(.invalidData, "box \(box) is of image \(images[box]), there are \(x[0])")
                }
                let (shift, least) = half ? (0.5, -Double.infinity) : (0, 1)
                let columns = try BinAxis(
                    corners[0], corners[2], bins: y[3], ratio: ratio, shift: shift, least: least)
                let rows = try BinAxis(corners[1], corners[3], bins: y[2], ratio: ratio, shift: shift, least: least)
                let first = image * x[1] * plane
                try invocation.workers.forEachRange(of: x[1]) { range, _ in
                    for channel in range {
                        let source = pixels + first + channel * plane
                        let target = output + (box * x[1] + channel) * y[2] * y[3]
                        for bin in 0..<y[2] * y[3] {
                            let (row, column) = bin.quotientAndRemainder(dividingBy: y[3])
                            target[bin] = E(work: E.Work(value(source, rows, row, columns, column)))
                        }
                    }
                }
            }
        }

        /// One bin of a plane.
        @Sendable func value(
            _ source: UnsafePointer<E>, _ rows: BinAxis, _ row: Int, _ columns: BinAxis, _ column: Int
        ) -> Double {
            var (sum, best) = (0.0, -Double.infinity)
            for i in 0..<rows.samples {
                let down = Between(rows.position(row, i), size: height)
                for j in 0..<columns.samples {
                    guard let down, let across = Between(columns.position(column, j), size: width) else {
                        best = Swift.max(best, 0)
                        continue
                    }
                    let corners = [
                        (1 - down.share) * (1 - across.share) * source[down.low * width + across.low].work.double,
                        (1 - down.share) * across.share * source[down.low * width + across.high].work.double,
                        down.share * (1 - across.share) * source[down.high * width + across.low].work.double,
                        down.share * across.share * source[down.high * width + across.high].work.double,
                    ]
                    sum += corners.reduce(0, +)
                    // The standard's maximum is over the weighted elements, not over the samples.
                    for corner in corners { best = Swift.max(best, corner) }
                }
            }
            let count = rows.samples * columns.samples
            if greatest { return count > 0 ? best : 0 }
            return sum / Double(Swift.max(count, 1))
        }
    }
}
