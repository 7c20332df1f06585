#if OpenBLAS
    import WeftProvider

    /// Windows that step over one axis of a grid: a convolution's input, or a transposed one's output.
    struct WindowAxis: Sendable {
        /// Elements of the grid, and windows on it.
        let grid: Int
        let steps: Int
        let kernel: Int
        let stride: Int
        let dilation: Int
        let pad: Int

        /// The windows whose tap `tap` lies inside the grid.
        @inline(__always)
        func inside(tap: Int) -> Range<Int> {
            let offset = tap * dilation - pad
            let low = offset >= 0 ? 0 : (-offset + stride - 1) / stride
            let room = grid - offset
            let high = Swift.min(steps, room <= 0 ? 0 : (room + stride - 1) / stride)
            return Swift.min(low, Swift.max(high, 0))..<Swift.max(high, 0)
        }
    }

    /// Windows over three axes of a grid; missing axes in front have size 1.
    struct Windows: Sendable {
        let depth: WindowAxis
        let height: WindowAxis
        let width: WindowAxis

        /// Elements of the grid, windows on it, taps of each.
        var grid: Int { depth.grid * height.grid * width.grid }
        var steps: Int { depth.steps * height.steps * width.steps }
        var taps: Int { depth.kernel * height.kernel * width.kernel }

        /// Whether windows are the grid's elements, one by one.
        var isIdentity: Bool {
            [depth, height, width].allSatisfy { $0.kernel == 1 && $0.stride == 1 && $0.pad == 0 && $0.grid == $0.steps }
        }

        /// The windows of a convolution node, or with `transposed` of one whose outputs are the grid.
        init(_ node: NodeView, transposed: Bool) throws(WeftError) {
            let (x, y) = (node.inputShape(0), node.outputShape(0))
            let axes = x.count - 2
            let (kernel, strides) = (try node.ints("kernel_shape"), try node.ints("strides"))
            let (dilations, pads) = (try node.ints("dilations"), try node.ints("pads"))
            guard (1...3).contains(axes), y.count == x.count, pads.count == 2 * axes,
                [kernel, strides, dilations].allSatisfy({ $0.count == axes && $0.allSatisfy { $0 > 0 } })
            else {
                throw WeftError(.internalInconsistency, "a window over \(axes) spatial axes", node: node.label)
            }
            let (grid, steps) = transposed ? (y, x) : (x, y)
            func axis(_ position: Int) -> WindowAxis {
                let index = position - (3 - axes)
                guard index >= 0 else {
                    return WindowAxis(grid: 1, steps: 1, kernel: 1, stride: 1, dilation: 1, pad: 0)
                }
                return WindowAxis(
                    grid: grid[index + 2], steps: steps[index + 2], kernel: kernel[index], stride: strides[index],
                    dilation: dilations[index], pad: pads[index])
            }
            (depth, height, width) = (axis(0), axis(1), axis(2))
        }

        /// Runs `body` on the pieces of a range of windows that lie in one row, for one tap.
        ///
        /// `position` counts from the range's start; `line` is the offset of the tap's row in the grid, nil outside it.
        @inline(__always)
        private func forEachRow(
            _ range: Range<Int>, _ kd: Int, _ kh: Int,
            _ body: (_ position: Int, _ run: Range<Int>, _ line: Int?) -> Void
        ) {
            var w = range.lowerBound % width.steps
            var h = range.lowerBound / width.steps % height.steps
            var d = range.lowerBound / width.steps / height.steps
            var position = 0
            while position < range.count {
                let end = Swift.min(width.steps, w + range.count - position)
                let gd = d * depth.stride + kd * depth.dilation - depth.pad
                let gh = h * height.stride + kh * height.dilation - height.pad
                let inside = gd >= 0 && gd < depth.grid && gh >= 0 && gh < height.grid
                body(position, w..<end, inside ? (gd * height.grid + gh) * width.grid : nil)
                position += end - w
                w = 0
                h += 1
                if h == height.steps { (h, d) = (0, d + 1) }
            }
        }

        /// Copies what a range of windows sees of `channels` grids: a row for each channel and tap, zeros outside.
        func gather(
            _ range: Range<Int>, channels: Int, from x: UnsafePointer<Float>, into columns: UnsafeMutablePointer<Float>
        ) {
            var row = columns
            for channel in 0..<channels {
                let plane = x + channel * grid
                for kd in 0..<depth.kernel {
                    for kh in 0..<height.kernel {
                        for kw in 0..<width.kernel {
                            let valid = width.inside(tap: kw)
                            let offset = kw * width.dilation - width.pad
                            let stride = width.stride
                            forEachRow(range, kd, kh) { position, run, line in
                                let target = row + position
                                guard let line else { return target.update(repeating: 0, count: run.count) }
                                let low = Swift.min(Swift.max(run.lowerBound, valid.lowerBound), run.upperBound)
                                let high = Swift.max(low, Swift.min(run.upperBound, valid.upperBound))
                                let before = low - run.lowerBound
                                target.update(repeating: 0, count: before)
                                let source = plane + line + offset
                                if stride == 1 {
                                    if high > low { (target + before).update(from: source + low, count: high - low) }
                                } else {
                                    for w in low..<high { target[w - run.lowerBound] = source[w * stride] }
                                }
                                (target + high - run.lowerBound).update(repeating: 0, count: run.upperBound - high)
                            }
                            row += range.count
                        }
                    }
                }
            }
        }

        /// Adds rows as `gather` lays them out to the elements of `channels` grids that the windows see.
        func scatter(
            _ range: Range<Int>, channels: Int, from columns: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
        ) {
            var row = columns
            for channel in 0..<channels {
                let plane = y + channel * grid
                for kd in 0..<depth.kernel {
                    for kh in 0..<height.kernel {
                        for kw in 0..<width.kernel {
                            let valid = width.inside(tap: kw)
                            let offset = kw * width.dilation - width.pad
                            let stride = width.stride
                            forEachRow(range, kd, kh) { position, run, line in
                                guard let line else { return }
                                let low = Swift.max(run.lowerBound, valid.lowerBound)
                                let high = Swift.min(run.upperBound, valid.upperBound)
                                guard low < high else { return }
                                let source = row + position - run.lowerBound
                                let target = plane + line + offset
                                if stride == 1 {
                                    for w in low..<high { target[w] += source[w] }
                                } else {
                                    for w in low..<high { target[w * stride] += source[w] }
                                }
                            }
                            row += range.count
                        }
                    }
                }
            }
        }
    }
#endif
