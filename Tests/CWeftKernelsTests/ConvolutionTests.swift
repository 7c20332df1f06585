import CWeftKernels
import Testing

extension weft_conv: @unchecked @retroactive Sendable {}

/// A convolution with its data, and its sums in double precision.
struct Convolution {
    let shape: weft_conv
    let x: [Float]
    let weights: [Float]
    let sums: [Double]

    var pixels: Int { shape.batch * shape.out_h * shape.out_w }

    init(_ shape: weft_conv, seed: Int) {
        self.shape = shape
        var noise = Noise(seed)
        let groupIn = shape.in_channels / shape.groups, groupOut = shape.out_channels / shape.groups
        let kernel = shape.kernel_h * shape.kernel_w
        let x = noise.floats(shape.batch * shape.in_h * shape.in_w * shape.in_stride)
        let weights = noise.floats(shape.out_channels * groupIn * kernel)
        var sums: [Double] = []
        for n in 0..<shape.batch {
            for oy in 0..<shape.out_h {
                for ox in 0..<shape.out_w {
                    for o in 0..<shape.out_channels {
                        var sum = 0.0
                        for ky in 0..<shape.kernel_h {
                            for kx in 0..<shape.kernel_w {
                                let iy = oy * shape.stride_h + ky * shape.dilation_h - shape.pad_top
                                let ix = ox * shape.stride_w + kx * shape.dilation_w - shape.pad_left
                                guard (0..<shape.in_h).contains(iy), (0..<shape.in_w).contains(ix) else { continue }
                                let pixel = ((n * shape.in_h + iy) * shape.in_w + ix) * shape.in_stride
                                for i in 0..<groupIn {
                                    let w = weights[(o * groupIn + i) * kernel + ky * shape.kernel_w + kx]
                                    sum += Double(x[pixel + o / groupOut * groupIn + i]) * Double(w)
                                }
                            }
                        }
                        sums.append(sum)
                    }
                }
            }
        }
        (self.x, self.weights, self.sums) = (x, weights, sums)
    }

    /// Runs `body` for the output and compares it; elements outside `pixels` and `channels` must keep their mark.
    func check(
        _ epilogue: Epilogue, pixels: Range<Int>, channels: Range<Int>, _ label: String,
        within rounding: Double = 4e-7,
        body: (UnsafePointer<weft_epilogue>, UnsafeMutablePointer<Float>) -> Void
    ) {
        let stride = shape.out_stride, columns = shape.out_channels
        var y = Guarded((self.pixels - 1) * stride + columns)
        y.write { out in epilogue.withC { body($0, out) } }
        y.check(label)
        let depth = shape.in_channels / shape.groups * shape.kernel_h * shape.kernel_w
        for index in 0..<y.count {
            let (pixel, channel) = (index / stride, index % stride)
            let got = y[index]
            if pixels.contains(pixel), channels.contains(channel) {
                let expected = epilogue.apply(sums[pixel * columns + channel], row: pixel, column: channel)
                if isClose(got, expected, within: rounding * Double(depth + 4)) { continue }
                Issue.record("\(label): pixel \(pixel) channel \(channel): \(got), expected \(expected)")
            } else {
                if got == Guarded.mark { continue }
                Issue.record("\(label): wrote pixel \(pixel) channel \(channel)")
            }
            return
        }
    }
}

/// A shape whose output size follows from symmetric padding.
func conv(
    batch: Int = 1, _ height: Int, _ width: Int, from: Int, to: Int, _ kernel: (Int, Int), stride: (Int, Int) = (1, 1),
    dilation: (Int, Int) = (1, 1), pad: (Int, Int) = (0, 0), groups: Int = 1, inGap: Int = 0, outGap: Int = 0
) -> weft_conv {
    let outH = (height + 2 * pad.0 - (kernel.0 - 1) * dilation.0 - 1) / stride.0 + 1
    let outW = (width + 2 * pad.1 - (kernel.1 - 1) * dilation.1 - 1) / stride.1 + 1
    return weft_conv(
        batch: batch, in_h: height, in_w: width, in_channels: from, in_stride: from + inGap, out_h: outH, out_w: outW,
        out_channels: to, out_stride: to + outGap, groups: groups, kernel_h: kernel.0, kernel_w: kernel.1,
        stride_h: stride.0, stride_w: stride.1, dilation_h: dilation.0, dilation_w: dilation.1, pad_top: pad.0,
        pad_left: pad.1)
}

private let shapes: [(String, weft_conv)] = [
    ("3x3 same", conv(9, 11, from: 5, to: 19, (3, 3), pad: (1, 1), inGap: 3, outGap: 5)),
    ("3x3 stride 2, two images", conv(batch: 2, 11, 8, from: 8, to: 33, (3, 3), stride: (2, 2), pad: (1, 1))),
    ("first layer", conv(17, 15, from: 3, to: 16, (3, 3), stride: (2, 2), pad: (1, 1), inGap: 5)),
    ("7x7 stride 2", conv(16, 18, from: 3, to: 10, (7, 7), stride: (2, 2), pad: (3, 3))),
    ("patches, rows are runs", conv(16, 24, from: 3, to: 24, (8, 8), stride: (8, 8))),
    ("runs without padding in width", conv(7, 9, from: 4, to: 8, (3, 2), pad: (1, 0))),
    ("1x1", conv(13, 9, from: 24, to: 40, (1, 1), outGap: 8)),
    ("1x1, two images in groups", conv(batch: 2, 5, 7, from: 12, to: 10, (1, 1), groups: 2, inGap: 4)),
    ("1x1 padded", conv(4, 5, from: 9, to: 17, (1, 1), pad: (1, 1))),
    ("1x1 stride 2", conv(batch: 2, 7, 9, from: 7, to: 5, (1, 1), stride: (2, 2), inGap: 1)),
    ("dilated", conv(12, 14, from: 6, to: 17, (3, 3), dilation: (2, 3), pad: (2, 3))),
    ("dilated stride", conv(13, 13, from: 2, to: 3, (2, 3), stride: (3, 2), dilation: (3, 2), pad: (1, 2))),
    ("groups", conv(8, 9, from: 12, to: 54, (3, 3), pad: (1, 1), groups: 3, inGap: 4, outGap: 2)),
    ("groups of one", conv(6, 6, from: 4, to: 8, (3, 3), pad: (1, 1), groups: 4)),
    ("one pixel", conv(1, 1, from: 9, to: 17, (3, 3), pad: (1, 1))),
    ("kernel wider than the image", conv(3, 2, from: 3, to: 4, (5, 7), pad: (3, 4))),
    ("many blocks", conv(21, 23, from: 4, to: 6, (3, 3), pad: (1, 1))),
    ("large kernel", conv(21, 21, from: 1, to: 2, (20, 20), pad: (3, 3))),
]

private func checkConv(
    _ c: Convolution, _ epilogue: Epilogue, pixels: Range<Int>, panels: Range<Int>, _ label: String
) {
    var shape = c.shape
    var packed = Guarded(weft_conv_pack_weights_size(&shape))
    packed.write { weft_conv_pack_weights(&shape, c.weights, $0) }
    packed.check("\(label): pack")
    let zeros = [Float](repeating: 0, count: weft_conv_zeros_size(&shape))
    let bytes = weft_conv_scratch_size(&shape)
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: bytes + 8, alignment: 8)
    defer { scratch.deallocate() }
    scratch.storeBytes(of: 0x5AFE, toByteOffset: bytes, as: Int.self)
    let group = shape.out_channels / shape.groups, perGroup = (group + 15) / 16
    let first = panels.lowerBound / perGroup * group + panels.lowerBound % perGroup * 16
    let lastPanel = panels.upperBound - 1
    let end = lastPanel / perGroup * group + min(group, lastPanel % perGroup * 16 + 16)
    c.check(epilogue, pixels: pixels, channels: first..<end, label) { epilogue, y in
        weft_conv_f32(
            &shape, pixels.lowerBound, pixels.upperBound, panels.lowerBound, panels.upperBound, c.x,
            Array(packed.values), zeros, epilogue, y, scratch)
    }
    #expect(scratch.loadUnaligned(fromByteOffset: bytes, as: Int.self) == 0x5AFE, "\(label): wrote past its scratch")
}

@Test(arguments: shapes.indices)
func convolutionMatchesReferenceWithEveryEpilogue(_ index: Int) {
    var (name, shape) = shapes[index]
    let c = Convolution(shape, seed: index)
    var noise = Noise(index + 99)
    let panels = weft_conv_panels(&shape)
    for (number, epilogue) in Epilogue.samples(rows: c.pixels, columns: shape.out_channels, &noise).enumerated() {
        onEachInstructionSet {
            checkConv(c, epilogue, pixels: 0..<c.pixels, panels: 0..<panels, "\(name) \($0) epilogue \(number)")
        }
    }
}

@Test(arguments: shapes.indices)
func convolutionWritesOnlyItsRange(_ index: Int) {
    var (name, shape) = shapes[index]
    let c = Convolution(shape, seed: index)
    var noise = Noise(index)
    let panels = weft_conv_panels(&shape)
    let epilogue = Epilogue.samples(rows: c.pixels, columns: shape.out_channels, &noise)[5]
    onEachInstructionSet {
        checkConv(c, epilogue, pixels: c.pixels / 3..<c.pixels, panels: 0..<panels, "\(name) \($0)")
        checkConv(c, epilogue, pixels: 0..<(c.pixels + 1) / 2, panels: panels / 2..<panels, "\(name) \($0)")
        checkConv(c, epilogue, pixels: 0..<c.pixels, panels: 0..<(panels + 1) / 2, "\(name) \($0)")
    }
}
