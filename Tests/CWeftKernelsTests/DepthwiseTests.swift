import CWeftKernels
import Testing

private func depthwise(
    batch: Int = 1, _ height: Int, _ width: Int, channels: Int, _ kernel: (Int, Int), stride: (Int, Int) = (1, 1),
    dilation: (Int, Int) = (1, 1), pad: (Int, Int) = (0, 0), inGap: Int = 0, outGap: Int = 0
) -> weft_conv {
    conv(
        batch: batch, height, width, from: channels, to: channels, kernel, stride: stride, dilation: dilation, pad: pad,
        groups: channels, inGap: inGap, outGap: outGap)
}

private let shapes: [(String, weft_conv)] = [
    ("3x3 same", depthwise(9, 13, channels: 37, (3, 3), pad: (1, 1), inGap: 3, outGap: 3)),
    ("3x3 stride 2, two images", depthwise(batch: 2, 12, 11, channels: 16, (3, 3), stride: (2, 2), pad: (1, 1))),
    ("5x5", depthwise(8, 9, channels: 8, (5, 5), pad: (2, 2))),
    ("7x7 of few channels", depthwise(7, 16, channels: 3, (7, 7), pad: (3, 3))),
    ("no padding", depthwise(6, 14, channels: 24, (3, 3))),
    ("dilated", depthwise(11, 17, channels: 9, (3, 3), dilation: (2, 3), pad: (2, 3))),
    ("uneven", depthwise(9, 19, channels: 33, (2, 4), stride: (3, 2), pad: (1, 2), outGap: 7)),
    ("strips of 7 with both edges", depthwise(5, 7, channels: 40, (5, 5), pad: (2, 2), inGap: 8, outGap: 4)),
    ("strips of 8", depthwise(4, 16, channels: 64, (3, 3), pad: (1, 1))),
    ("strips that overlap", depthwise(6, 13, channels: 19, (7, 7), pad: (3, 3))),
    ("strips of stride 2", depthwise(9, 15, channels: 48, (3, 3), stride: (2, 2), pad: (1, 1))),
    ("5x5 strips of stride 2", depthwise(11, 20, channels: 21, (5, 5), stride: (2, 2), pad: (1, 2))),
    ("7x7 strips of stride 2, wide padding", depthwise(9, 11, channels: 16, (7, 7), stride: (1, 2), pad: (3, 6))),
    ("strips wider than the image", depthwise(3, 4, channels: 32, (7, 7), pad: (3, 3))),
    ("many channels in blocks", depthwise(3, 7, channels: 450, (5, 5), pad: (2, 2))),
    ("one pixel", depthwise(1, 1, channels: 15, (3, 3), pad: (1, 1))),
    ("kernel beyond the image", depthwise(2, 3, channels: 17, (5, 5), pad: (4, 4))),
    ("rows that see only padding", depthwise(2, 5, channels: 5, (1, 1), pad: (2, 3))),
]

private func check(_ c: Convolution, _ epilogue: Epilogue, rows: Range<Int>, channels: Range<Int>, _ label: String) {
    var shape = c.shape
    var packed = Guarded(c.weights.count)
    packed.write { weft_depthwise_pack_weights(&shape, c.weights, $0) }
    packed.check("\(label): pack")
    let width = shape.out_w
    c.check(epilogue, pixels: rows.lowerBound * width..<rows.upperBound * width, channels: channels, label) {
        weft_depthwise_f32(
            &shape, rows.lowerBound, rows.upperBound, channels.lowerBound, channels.upperBound, c.x,
            Array(packed.values), $0, $1)
    }
}

@Test(arguments: shapes.indices)
func depthwiseMatchesReferenceWithEveryEpilogue(_ index: Int) {
    let (name, shape) = shapes[index]
    let c = Convolution(shape, seed: index + 50)
    var noise = Noise(index + 11)
    let rows = shape.batch * shape.out_h
    for (number, epilogue) in Epilogue.samples(rows: c.pixels, columns: shape.out_channels, &noise).enumerated() {
        onEachInstructionSet {
            let label = "\(name) \($0) epilogue \(number)"
            check(c, epilogue, rows: 0..<rows, channels: 0..<shape.out_channels, label)
            check(c, epilogue, rows: rows / 2..<rows, channels: shape.out_channels / 3..<shape.out_channels, label)
        }
    }
}
