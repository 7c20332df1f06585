#if Vulkan
    import WeftProvider

    /// A window over the last two dimensions, as convolution and pooling have it; one dimension counts as height 1.
    struct Window {
        let kernel: (h: Int, w: Int)
        let stride: (h: Int, w: Int)
        let dilation: (h: Int, w: Int)
        /// At the beginning and the end of each dimension.
        let begin: (h: Int, w: Int)
        let end: (h: Int, w: Int)
        /// Spatial sizes of the first input and the first output.
        let input: (h: Int, w: Int)
        let output: (h: Int, w: Int)

        /// Nil for a rank other than 3 or 4, or attributes of another length.
        init?(_ node: NodeView) {
            let shape = node.inputShape(0)
            let out = node.outputShape(0)
            let spatial = shape.count - 2
            guard (1...2).contains(spatial), out.count == shape.count else { return nil }
            let kernel = node.ints("kernel_shape", otherwise: Array(node.inputShape(1).dropFirst(2)))
            let strides = node.ints("strides", otherwise: [Int](repeating: 1, count: spatial))
            let dilations = node.ints("dilations", otherwise: [Int](repeating: 1, count: spatial))
            var pads = node.ints("pads", otherwise: [Int](repeating: 0, count: 2 * spatial))
            guard kernel.count == spatial, strides.count == spatial, dilations.count == spatial,
                pads.count == 2 * spatial, (kernel + strides + dilations).allSatisfy({ $0 > 0 })
            else { return nil }
            let mode = node.string("auto_pad", otherwise: "NOTSET")
            if mode == "SAME_UPPER" || mode == "SAME_LOWER" {
                for axis in 0..<spatial {
                    let reach = (out[axis + 2] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1
                    let total = Swift.max(0, reach - shape[axis + 2])
                    let small = total / 2
                    pads[axis] = mode == "SAME_UPPER" ? small : total - small
                    pads[axis + spatial] = total - pads[axis]
                }
            } else if mode == "VALID" {
                pads = [Int](repeating: 0, count: 2 * spatial)
            }
            func pair(_ values: [Int], _ filler: Int) -> (h: Int, w: Int) {
                values.count == 1 ? (filler, values[0]) : (values[0], values[1])
            }
            self.kernel = pair(kernel, 1)
            stride = pair(strides, 1)
            dilation = pair(dilations, 1)
            begin = pair(Array(pads.prefix(spatial)), 0)
            end = pair(Array(pads.suffix(spatial)), 0)
            input = pair(Array(shape.dropFirst(2)), 1)
            output = pair(Array(out.dropFirst(2)), 1)
        }

        /// `values` as shaders take them; all fit, as tensors are at most a storage buffer's range.
        static func words(_ values: Int...) -> [UInt32] { values.map { UInt32(truncatingIfNeeded: $0) } }
    }
#endif
