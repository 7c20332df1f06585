#if OpenBLAS
    import WeftProvider

    /// Windows and the columns that products take them as: a row for each channel and tap, an element for each window.
    extension Windows {
        /// Runs `body` for every row of columns on the pieces of a range of windows that lie in one row of them.
        ///
        /// `at` is the piece's place in the columns, `inside` what of the piece has its tap inside the grid; window w
        /// has it at `first` + w times the width's stride.
        @inline(__always)
        private func forEachPiece(
            _ range: Range<Int>, channels: Int,
            _ body: (_ at: Int, _ run: Range<Int>, _ inside: Range<Int>, _ first: Int) -> Void
        ) {
            var row = 0
            for channel in 0..<channels {
                for kd in 0..<depth.kernel {
                    for kh in 0..<height.kernel {
                        for kw in 0..<width.kernel {
                            let valid = width.inside(tap: kw)
                            let offset = channel * grid + kw * width.dilation - width.begin
                            forEachRun(range, kd, kh) { position, run, line in
                                let low = Swift.min(Swift.max(run.lowerBound, valid.lowerBound), run.upperBound)
                                let high = Swift.max(low, Swift.min(run.upperBound, valid.upperBound))
                                body(row + position, run, low..<(line == nil ? low : high), offset + (line ?? 0))
                            }
                            row += range.count
                        }
                    }
                }
            }
        }

        /// Cuts a range of windows into those of one row; `line` is where the grid has the row of a tap, nil outside it.
        @inline(__always)
        private func forEachRun(
            _ range: Range<Int>, _ kd: Int, _ kh: Int,
            _ body: (_ position: Int, _ run: Range<Int>, _ line: Int?) -> Void
        ) {
            var w = range.lowerBound % width.steps
            var h = range.lowerBound / width.steps % height.steps
            var d = range.lowerBound / width.steps / height.steps
            var position = 0
            while position < range.count {
                let end = Swift.min(width.steps, w + range.count - position)
                let gd = d * depth.stride + kd * depth.dilation - depth.begin
                let gh = h * height.stride + kh * height.dilation - height.begin
                let inside = gd >= 0 && gd < depth.grid && gh >= 0 && gh < height.grid
                body(position, w..<end, inside ? (gd * height.grid + gh) * width.grid : nil)
                position += end - w
                w = 0
                h += 1
                if h == height.steps { (h, d) = (0, d + 1) }
            }
        }

        /// Copies what a range of windows sees of `channels` grids into columns, zeros outside.
        func gather(
            _ range: Range<Int>, channels: Int, from x: UnsafePointer<Float>, into columns: UnsafeMutablePointer<Float>
        ) {
            let stride = width.stride
            forEachPiece(range, channels: channels) { at, run, inside, first in
                let target = columns + at
                let before = inside.lowerBound - run.lowerBound
                target.update(repeating: 0, count: before)
                if stride == 1 {
                    if !inside.isEmpty {
                        (target + before).update(from: x + (first + inside.lowerBound), count: inside.count)
                    }
                } else {
                    for w in inside { target[w - run.lowerBound] = x[first + w * stride] }
                }
                (target + before + inside.count).update(repeating: 0, count: run.upperBound - inside.upperBound)
            }
        }

        /// Adds columns as `gather` lays them out to the elements of `channels` grids that the windows see.
        func scatter(
            _ range: Range<Int>, channels: Int, from columns: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
        ) {
            let stride = width.stride
            forEachPiece(range, channels: channels) { at, run, inside, first in
                let source = columns + at
                let start = run.lowerBound
                if stride == 1 {
                    for w in inside { y[first + w] += source[w - start] }
                } else {
                    for w in inside { y[first + w * stride] += source[w - start] }
                }
            }
        }
    }
#endif
