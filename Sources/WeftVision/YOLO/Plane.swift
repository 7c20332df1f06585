/// A rectangle of floats, row by row.
struct Plane {
    let width: Int
    let height: Int
    let values: [Float]

    /// The part that a rectangle covers, as far as it lies within.
    func cut(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Plane {
        let columns = max(x, 0)..<max(min(x + newWidth, width), max(x, 0) + 1)
        let rows = max(y, 0)..<max(min(y + newHeight, height), max(y, 0) + 1)
        guard columns != 0..<width || rows != 0..<height else { return self }
        guard columns.upperBound <= width, rows.upperBound <= height else { return self }
        let part = rows.flatMap { values[($0 * width + columns.lowerBound)..<($0 * width + columns.upperBound)] }
        return Plane(width: columns.count, height: rows.count, values: part)
    }

    /// A window of the plane scaled to `width` x `height`: bilinear, half-pixel centres, edges clamped.
    func resized(width newWidth: Int, height newHeight: Int, columns: Range<Int>, rows: Range<Int>) -> Plane {
        let across = columns.map { Tap($0, from: width, to: newWidth) }
        let out = [Float](unsafeUninitializedCapacity: columns.count * rows.count) { out, filled in
            values.withUnsafeBufferPointer { values in
                var at = 0
                for row in rows {
                    let down = Tap(row, from: height, to: newHeight)
                    let upper = down.first * width
                    let lower = down.second * width
                    for tap in across {
                        let above =
                            values[upper + tap.first] * (1 - tap.fraction) + values[upper + tap.second] * tap.fraction
                        let below =
                            values[lower + tap.first] * (1 - tap.fraction) + values[lower + tap.second] * tap.fraction
                        out[at] = above * (1 - down.fraction) + below * down.fraction
                        at += 1
                    }
                }
                filled = at
            }
        }
        return Plane(width: columns.count, height: rows.count, values: out)
    }

    private struct Tap {
        let first: Int
        let second: Int
        let fraction: Float

        init(_ position: Int, from old: Int, to new: Int) {
            let source = max((Float(position) + 0.5) * (Float(old) / Float(new)) - 0.5, 0)
            first = min(Int(source), old - 1)
            second = min(first + 1, old - 1)
            fraction = source - Float(first)
        }
    }
}
