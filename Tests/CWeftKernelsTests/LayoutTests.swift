import CWeftKernels
import Testing

@Test(arguments: [1, 3, 7, 8, 9, 16, 17, 33, 63, 64, 65, 130])
func transposeMovesEveryElement(_ rows: Int) {
    for columns in [1, 2, 7, 8, 9, 15, 16, 17, 31, 40] {
        let (xStride, yStride) = (columns + 3, rows + 5)
        let x = (0..<rows * xStride).map(Float.init)
        onEachInstructionSet { isa in
            var y = Guarded((columns - 1) * yStride + rows)
            y.write { weft_transpose_f32(rows, columns, x, xStride, $0, yStride) }
            y.check("transpose \(rows)x\(columns) \(isa)")
            let wrong = (0..<y.count).first { at in
                let (j, i) = (at / yStride, at % yStride)
                return y[at] != (i < rows ? x[i * xStride + j] : Guarded.mark)
            }
            #expect(wrong == nil, "\(rows)x\(columns) \(isa)")
        }
    }
}

@Test(arguments: [(1, 1), (3, 8), (4, 4), (7, 16), (8, 8), (9, 11), (16, 24), (21, 40)])
func rowsArePaddedWithZeros(_ columns: Int, _ stride: Int) {
    var noise = Noise(columns)
    let x = noise.floats(5 * (columns + 2))
    onEachInstructionSet { isa in
        var y = Guarded(5 * stride)
        y.write { weft_pad_rows_f32(5, columns, x, columns + 2, $0, stride) }
        y.check("\(isa) \(columns)")
        for row in 0..<5 {
            for lane in 0..<stride {
                let want = lane < columns ? x[row * (columns + 2) + lane] : 0
                #expect(y[row * stride + lane] == want, "\(isa) \(columns) row \(row) lane \(lane)")
            }
        }
    }
}
