extension Picture {
    /// Scales with a triangle filter as wide as the scale, in 22-bit fixed point, first across, then down.
    ///
    /// Unlike `resizedBilinear` it averages what it shrinks. Equal to Pillow's `BILINEAR` bit by bit.
    package func resizedSmoothly(width newWidth: Int, height newHeight: Int) throws(VisionError) -> Picture {
        try Self.checkSize(width: newWidth, height: height)
        try Self.checkSize(width: newWidth, height: newHeight)
        let across = newWidth == width ? self : scaledAcross(to: newWidth)
        return newHeight == height ? across : across.scaledDown(to: newHeight)
    }

    private func scaledAcross(to newWidth: Int) -> Picture {
        let spans = FilterSpan.spans(from: width, to: newWidth)
        let out = [UInt8](unsafeUninitializedCapacity: newWidth * height * 3) { out, filled in
            pixels.withUnsafeBufferPointer { source in
                var at = 0
                for y in 0..<height {
                    for span in spans {
                        let start = (y * width + span.first) * 3
                        for channel in 0..<3 {
                            out[at] = span.apply(source, at: start + channel, step: 3)
                            at += 1
                        }
                    }
                }
                filled = at
            }
        }
        return Picture(unchecked: out, width: newWidth, height: height)
    }

    private func scaledDown(to newHeight: Int) -> Picture {
        let spans = FilterSpan.spans(from: height, to: newHeight)
        let rowBytes = width * 3
        let out = [UInt8](unsafeUninitializedCapacity: newHeight * rowBytes) { out, filled in
            pixels.withUnsafeBufferPointer { source in
                var at = 0
                for span in spans {
                    for column in 0..<rowBytes {
                        out[at] = span.apply(source, at: span.first * rowBytes + column, step: rowBytes)
                        at += 1
                    }
                }
                filled = at
            }
        }
        return Picture(unchecked: out, width: width, height: newHeight)
    }
}

/// The source positions that one scaled position averages, and their weights out of 2^22.
private struct FilterSpan {
    let first: Int
    let weights: [Int32]

    func apply(_ source: UnsafeBufferPointer<UInt8>, at start: Int, step: Int) -> UInt8 {
        var sum: Int32 = 1 << 21
        for (index, weight) in weights.enumerated() { sum &+= Int32(source[start + index * step]) &* weight }
        return UInt8(clamping: sum >> 22)
    }

    static func spans(from old: Int, to new: Int) -> [FilterSpan] {
        let scale = Double(old) / Double(new)
        let filterScale = max(scale, 1)
        return (0..<new).map { position in
            let centre = (Double(position) + 0.5) * scale
            let first = max(Int(centre - filterScale + 0.5), 0)
            let end = min(Int(centre + filterScale + 0.5), old)
            let raw = (first..<max(end, first)).map {
                max(1 - abs((Double($0) - centre + 0.5) * (1 / filterScale)), 0)
            }
            let sum = raw.reduce(0, +)
            return FilterSpan(
                first: first,
                weights: raw.map { Int32(((sum == 0 ? $0 : $0 / sum) * Double(1 << 22) + 0.5).rounded(.down)) })
        }
    }
}
