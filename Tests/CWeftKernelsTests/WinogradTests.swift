import CWeftKernels
import Testing

private let shapes: [(String, weft_conv)] = [
    ("stride 2, same", conv(16, 16, from: 8, to: 16, (3, 3), stride: (2, 2), pad: (1, 1))),
    (
        "stride 2, every edge cut",
        conv(batch: 2, 11, 13, from: 5, to: 19, (3, 3), stride: (2, 2), pad: (1, 1), inGap: 3)
    ),
    ("stride 2, no padding", conv(9, 22, from: 3, to: 8, (3, 3), stride: (2, 2), outGap: 1)),
    ("stride 2, one pixel", conv(2, 1, from: 9, to: 7, (3, 3), stride: (2, 2), pad: (1, 1))),
    ("same", conv(12, 16, from: 8, to: 16, (3, 3), pad: (1, 1))),
    ("every edge cut", conv(9, 11, from: 5, to: 19, (3, 3), pad: (1, 1), inGap: 3, outGap: 5)),
    ("two images", conv(batch: 2, 7, 6, from: 17, to: 33, (3, 3), pad: (1, 1))),
    ("no padding", conv(8, 13, from: 3, to: 8, (3, 3))),
    ("wide padding", conv(4, 5, from: 4, to: 9, (3, 3), pad: (2, 3))),
    ("one pixel", conv(1, 1, from: 9, to: 17, (3, 3), pad: (1, 1))),
    ("many blocks of tiles", conv(50, 44, from: 2, to: 3, (3, 3), pad: (1, 1))),
    ("many output channels", conv(6, 6, from: 4, to: 150, (3, 3), pad: (1, 1), outGap: 2)),
]

/// Runs tiles `tiles` and panels `panels`; the pixels of other tiles must keep their mark.
private func check(_ c: Convolution, m: Int, _ epilogue: Epilogue, panels: Range<Int>, _ label: String) {
    var shape = c.shape
    var packed = Guarded(weft_winograd_pack_weights_size(&shape, m))
    packed.write { weft_winograd_pack_weights(&shape, m, c.weights, $0) }
    packed.check("\(label): pack")
    let zeros = [Float](repeating: 0, count: shape.in_channels)
    let bytes = weft_winograd_scratch_size(&shape, m)
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: bytes + 8, alignment: 64)
    defer { scratch.deallocate() }
    scratch.storeBytes(of: 0x5AFE, toByteOffset: bytes, as: Int.self)
    let tiles = weft_winograd_tiles(&shape, m), weights = Array(packed.values)
    let channels = panels.lowerBound * 16..<min(panels.upperBound * 16, shape.out_channels)
    c.check(epilogue, pixels: 0..<c.pixels, channels: channels, label, within: 2e-6) { epilogue, y in
        // In two parts, the later first.
        for part in [tiles / 3..<tiles, 0..<tiles / 3] {
            weft_winograd_f32(
                &shape, m, part.lowerBound, part.upperBound, panels.lowerBound, panels.upperBound, c.x, weights, zeros,
                epilogue, y, scratch)
        }
    }
    #expect(scratch.loadUnaligned(fromByteOffset: bytes, as: Int.self) == 0x5AFE, "\(label): wrote past its scratch")
}

@Test(arguments: shapes.indices, [2, 4])
func winogradMatchesReferenceWithEveryEpilogue(_ index: Int, m: Int) {
    var (name, shape) = shapes[index]
    guard weft_winograd_fits(&shape, m) else {
        #expect(m == 2 && shape.stride_h == 2, "\(name): F(\(m)) declined")
        return
    }
    let c = Convolution(shape, seed: index + 7)
    var noise = Noise(index)
    let panels = weft_conv_panels(&shape)
    for (number, epilogue) in Epilogue.samples(rows: c.pixels, columns: shape.out_channels, &noise).enumerated() {
        onEachInstructionSet { isa in
            let label = "\(name) F(\(m)) \(isa) epilogue \(number)"
            check(c, m: m, epilogue, panels: 0..<panels, label)
            if panels > 1 { check(c, m: m, epilogue, panels: panels / 2..<panels, label) }
        }
    }
}

@Test func winogradDeclinesOtherConvolutions() {
    var others = [
        conv(8, 8, from: 4, to: 4, (3, 3), stride: (2, 1)), conv(8, 8, from: 4, to: 4, (3, 3), stride: (3, 3)),
        conv(8, 8, from: 4, to: 4, (3, 3), dilation: (2, 2)),
        conv(8, 8, from: 4, to: 4, (1, 1)), conv(8, 8, from: 4, to: 4, (3, 5)),
        conv(8, 8, from: 4, to: 4, (3, 3), groups: 2),
    ]
    for index in others.indices {
        for m in [2, 4] { #expect(!weft_winograd_fits(&others[index], m)) }
    }
    var plain = conv(8, 8, from: 4, to: 4, (3, 3))
    #expect(!weft_winograd_fits(&plain, 3))
}

@Test func winogradIsChosenWhereItSavesMostAndNeverWhereItDoesNotFit() {
    let choices: [(weft_conv, Int)] = [
        (conv(56, 56, from: 64, to: 64, (3, 3), pad: (1, 1)), 4),
        (conv(7, 7, from: 512, to: 512, (3, 3), pad: (1, 1)), 2),
        (conv(80, 80, from: 64, to: 128, (3, 3), stride: (2, 2), pad: (1, 1)), 4),
        (conv(320, 320, from: 16, to: 32, (3, 3), stride: (2, 2), pad: (1, 1)), 0),
        (conv(56, 56, from: 64, to: 64, (1, 1)), 0),
        (conv(56, 56, from: 64, to: 64, (3, 3), pad: (1, 1), groups: 2), 0),
    ]
    for (shape, m) in choices {
        var shape = shape
        #expect(weft_winograd_choice(&shape) == m, "\(shape.in_h) x \(shape.in_channels)")
    }
}
