extension Picture {
    /// Scales with bilinear interpolation in 11-bit fixed point, half-pixel centres, no antialiasing.
    ///
    /// Equal to OpenCV's `INTER_LINEAR` on 8-bit pixels bit by bit: detections of some models hang on that.
    public func resizedBilinear(width newWidth: Int, height newHeight: Int) throws(VisionError) -> Picture {
        if newWidth == width, newHeight == height { return self }
        try Self.checkSize(width: newWidth, height: newHeight)
        let columns = ResizeTap.taps(from: width, to: newWidth, clampsFraction: true)
        let rows = ResizeTap.taps(from: height, to: newHeight, clampsFraction: false)
        let rowBytes = newWidth * 3
        // Two source rows, scaled across: rows are visited in order, so each is scaled once.
        var buffers = [[Int32](repeating: 0, count: rowBytes), [Int32](repeating: 0, count: rowBytes)]
        var held = [-1, -1]
        let scaled = [UInt8](unsafeUninitializedCapacity: newHeight * rowBytes) { out, filled in
            for (y, tap) in rows.enumerated() {
                if held[0] != tap.first, held[1] == tap.first {
                    buffers.swapAt(0, 1)
                    held.swapAt(0, 1)
                }
                for (slot, row) in [tap.first, tap.second].enumerated() where held[slot] != row {
                    scaleRow(row, columns, into: &buffers[slot])
                    held[slot] = row
                }
                let start = y * rowBytes
                buffers[0].withUnsafeBufferPointer { upper in
                    buffers[1].withUnsafeBufferPointer { lower in
                        for at in 0..<rowBytes {
                            let sum =
                                (tap.firstWeight &* (upper[at] >> 4)) >> 16
                                &+ (tap.secondWeight &* (lower[at] >> 4)) >> 16
                            out[start + at] = UInt8(clamping: (sum &+ 2) >> 2)
                        }
                    }
                }
            }
            filled = newHeight * rowBytes
        }
        return Picture(unchecked: scaled, width: newWidth, height: newHeight)
    }

    private func scaleRow(_ row: Int, _ columns: [ResizeTap], into buffer: inout [Int32]) {
        let start = row * width * 3
        pixels.withUnsafeBufferPointer { source in
            buffer.withUnsafeMutableBufferPointer { out in
                var at = 0
                for tap in columns {
                    let first = start + tap.first * 3
                    let second = start + tap.second * 3
                    for channel in 0..<3 {
                        out[at] =
                            Int32(source[first + channel]) &* tap.firstWeight
                            &+ Int32(source[second + channel]) &* tap.secondWeight
                        at += 1
                    }
                }
            }
        }
    }
}

/// The two source positions that a scaled position lies between, and their weights out of 2048.
private struct ResizeTap {
    var first: Int
    var second: Int
    var firstWeight: Int32
    var secondWeight: Int32

    /// One tap per new position; past the ends the nearest position counts.
    ///
    /// With `clampsFraction` it counts whole; without, it is both neighbours, whose two weights round apart.
    static func taps(from old: Int, to new: Int, clampsFraction: Bool) -> [ResizeTap] {
        let scale = 1 / (Double(new) / Double(old))
        return (0..<new).map { position in
            let source = Float((Double(position) + 0.5) * scale - 0.5)
            var index = Int(source.rounded(.down))
            var fraction = source - source.rounded(.down)
            if clampsFraction, index < 0 || index >= old - 1 {
                index = min(max(index, 0), old - 1)
                fraction = 0
            }
            return ResizeTap(
                first: min(max(index, 0), old - 1), second: min(max(index + 1, 0), old - 1),
                firstWeight: weight(1 - fraction), secondWeight: weight(fraction))
        }
    }

    private static func weight(_ fraction: Float) -> Int32 { Int32((2048 * fraction).rounded(.toNearestOrEven)) }
}
