import CWeftKernels
import Testing

extension weft_pool: @unchecked @retroactive Sendable {}

private func pool(
    batch: Int = 1, _ height: Int, _ width: Int, channels: Int, _ kernel: (Int, Int), stride: (Int, Int) = (1, 1),
    dilation: (Int, Int) = (1, 1), pad: (Int, Int) = (0, 0), padEnd: (Int, Int)? = nil, ceil: Bool = false,
    countPad: Bool = false, inGap: Int = 0, outGap: Int = 0
) -> weft_pool {
    let end = padEnd ?? pad
    func out(_ size: Int, _ pads: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
        (size + pads - (kernel - 1) * dilation - 1 + (ceil ? stride - 1 : 0)) / stride + 1
    }
    return weft_pool(
        batch: batch, in_h: height, in_w: width, channels: channels, in_stride: channels + inGap,
        out_h: out(height, pad.0 + end.0, kernel.0, stride.0, dilation.0),
        out_w: out(width, pad.1 + end.1, kernel.1, stride.1, dilation.1), out_stride: channels + outGap,
        kernel_h: kernel.0, kernel_w: kernel.1, stride_h: stride.0, stride_w: stride.1, dilation_h: dilation.0,
        dilation_w: dilation.1, pad_top: pad.0, pad_left: pad.1, pad_bottom: end.0, pad_right: end.1,
        count_include_pad: countPad)
}

private let shapes: [weft_pool] = [
    pool(9, 11, channels: 37, (3, 3), stride: (2, 2), pad: (1, 1), inGap: 3, outGap: 3),
    pool(batch: 2, 8, 8, channels: 16, (2, 2), stride: (2, 2)),
    pool(7, 9, channels: 5, (5, 5), pad: (2, 2), countPad: true),
    pool(7, 10, channels: 8, (3, 2), stride: (2, 3), dilation: (2, 1), pad: (1, 0), padEnd: (2, 1), countPad: true),
    pool(6, 8, channels: 24, (3, 3), stride: (2, 2), ceil: true, countPad: true),
    pool(6, 8, channels: 9, (3, 3), stride: (2, 2), padEnd: (1, 1), ceil: true),
    pool(1, 1, channels: 17, (3, 3), pad: (1, 1)),
]

/// The window's values inside the image, and how many positions lie inside the padded image.
private func window(_ p: weft_pool, _ x: [Float], _ pixel: Int, _ channel: Int) -> (values: [Float], padded: Int) {
    let n = pixel / p.out_w / p.out_h, oy = pixel / p.out_w % p.out_h, ox = pixel % p.out_w
    var values: [Float] = [], padded = 0
    for ky in 0..<p.kernel_h {
        for kx in 0..<p.kernel_w {
            let iy = oy * p.stride_h + ky * p.dilation_h - p.pad_top
            let ix = ox * p.stride_w + kx * p.dilation_w - p.pad_left
            if iy < p.in_h + p.pad_bottom, ix < p.in_w + p.pad_right { padded += 1 }
            guard (0..<p.in_h).contains(iy), (0..<p.in_w).contains(ix) else { continue }
            values.append(x[((n * p.in_h + iy) * p.in_w + ix) * p.in_stride + channel])
        }
    }
    return (values, padded)
}

@Test(arguments: shapes.indices, [true, false])
func poolingMatchesReference(_ index: Int, average: Bool) {
    var shape = shapes[index]
    var noise = Noise(index)
    let x = noise.floats(shape.batch * shape.in_h * shape.in_w * shape.in_stride)
    let pixels = shape.batch * shape.out_h * shape.out_w, rows = shape.batch * shape.out_h
    onEachInstructionSet { isa in
        for begin in [0, rows / 2] {
            var y = Guarded((pixels - 1) * shape.out_stride + shape.channels)
            y.write {
                if average {
                    weft_average_pool_f32(&shape, begin, rows, x, $0)
                } else {
                    weft_max_pool_f32(&shape, begin, rows, x, $0)
                }
            }
            let label = "pool \(index) average \(average) from \(begin) \(isa)"
            y.check(label)
            for at in 0..<y.count {
                let (pixel, channel) = (at / shape.out_stride, at % shape.out_stride)
                var expected = Double(Guarded.mark)
                if channel < shape.channels, pixel >= begin * shape.out_w {
                    let (values, padded) = window(shape, x, pixel, channel)
                    let count = shape.count_include_pad ? padded : values.count
                    expected =
                        average
                        ? values.reduce(0) { $0 + Double($1) } / Double(max(count, 1))
                        : Double(values.max() ?? -.infinity)
                }
                if isClose(y[at], expected, within: average ? 1e-6 : 0) { continue }
                Issue.record("\(label): pixel \(pixel) channel \(channel): \(y[at]), expected \(expected)")
                return
            }
        }
    }
}

@Test func maxPoolingKeepsNaN() {
    var shape = pool(1, 3, channels: 9, (1, 3))
    for position in 0..<3 {
        var x = [Float](repeating: 1, count: 27)
        x[position * 9 + 4] = .nan
        x[position * 9 + 8] = .nan
        onEachInstructionSet { isa in
            var y = Guarded(9)
            y.write { weft_max_pool_f32(&shape, 0, 1, x, $0) }
            expectClose(y.values, (0..<9).map { $0 == 4 || $0 == 8 ? .nan : 1 }, within: 0, "NaN \(position) \(isa)")
        }
    }
}

@Test(arguments: [1, 8, 13, 16, 40])
func globalAverageAndResizingMatchReference(_ channels: Int) {
    var noise = Noise(channels)
    let stride = channels + 2, pixels = 49
    let x = noise.floats(pixels * stride)
    let source = [3, 0, 48, 48, 7], right = [4, 1, 48, 2, 9]
    let tx = noise.floats(5, 0...1)
    onEachInstructionSet { isa in
        var mean = Guarded(channels)
        mean.write { weft_mean_pixels_f32(pixels, channels, x, stride, $0) }
        mean.check("mean \(isa)")
        let expected = (0..<channels).map { c in
            (0..<pixels).reduce(0) { $0 + Double(x[$1 * stride + c]) } / Double(pixels)
        }
        expectClose(mean.values, expected, within: 1e-6, "mean of \(channels) \(isa)")

        var nearest = Guarded(5 * channels)
        nearest.write { weft_gather_pixels_f32(5, channels, x, stride, source, $0, channels) }
        nearest.check("gather \(isa)")
        let at = { (pixel: Int, c: Int) in Double(x[pixel * stride + c]) }
        expectClose(
            nearest.values, (0..<5 * channels).map { at(source[$0 / channels], $0 % channels) }, within: 0, "gather")

        var row = Guarded(5 * channels)
        let lower = Array(x.dropFirst(1)) + [0]
        row.write { weft_bilinear_row_f32(5, channels, x, lower, 0.25, stride, source, right, tx, $0, channels) }
        row.check("bilinear \(isa)")
        let mixed = (0..<5 * channels).map { i in
            let (o, c) = (i / channels, i % channels)
            let t = Double(tx[o])
            func lerp(_ values: [Float]) -> Double {
                (1 - t) * Double(values[source[o] * stride + c]) + t * Double(values[right[o] * stride + c])
            }
            return 0.75 * lerp(x) + 0.25 * lerp(lower)
        }
        expectClose(row.values, mixed, within: 3e-7, "bilinear of \(channels) \(isa)")
    }
}
