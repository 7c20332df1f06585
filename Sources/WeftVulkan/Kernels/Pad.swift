#if Vulkan
    import WeftProvider

    /// How pad.comp finds an element outside of the input; the values are its MODE.
    enum PadMode: UInt32 {
        case constant = 0
        case edge, reflect, wrap
    }

    /// A Pad whose sizes are known: what lies before the input on each axis, and the filler.
    struct Padding {
        let begin: [Int]
        let mode: PadMode
        let filler: Float

        init?(_ node: NodeView) {
            let rank = node.inputShape(0).count
            guard let pads = node.knownInts(1) else { return nil }
            var axes = Array(0..<rank)
            if node.has(input: 3) {
                guard let known = node.knownInts(3) else { return nil }
                axes = known.map { $0 < 0 ? $0 + rank : $0 }
            }
            guard pads.count == 2 * axes.count, axes.allSatisfy((0..<rank).contains) else { return nil }
            if node.has(input: 2) {
                guard let value = node.constantFloats(2), value.count == 1 else { return nil }
                filler = value[0]
            } else {
                filler = 0
            }
            switch node.string("mode", otherwise: "constant") {
            case "constant": mode = .constant
            case "edge": mode = .edge
            case "reflect": mode = .reflect
            case "wrap": mode = .wrap
            default: return nil
            }
            var begin = [Int](repeating: 0, count: rank)
            for (index, axis) in axes.enumerated() { begin[axis] = pads[index] }
            self.begin = begin
        }
    }

    extension VulkanKernel {
        static let pad = VulkanKernel { (lowering) throws(WeftError) in
            guard let padding = Padding(lowering.node) else {
                throw WeftError(.internalInconsistency, "a Pad whose sizes are not known")
            }
            try pad(lowering, begin: padding.begin, mode: padding.mode, filler: padding.filler)
        }

        /// Repeats the input along every axis: padding that wraps.
        static let tile = VulkanKernel { (lowering) throws(WeftError) in
            let begin = [Int](repeating: 0, count: lowering.node.inputShape(0).count)
            try pad(lowering, begin: begin, mode: .wrap, filler: 0)
        }

        private static func pad(
            _ lowering: Lowering, begin: [Int], mode: PadMode, filler: Float
        ) throws(WeftError) {
            let shape = lowering.node.outputShape(0)
            let count = shape.elementCount
            try lowering.dispatch(
                "pad_32", [mode.rawValue, UInt32(shape.count)],
                [.read(try lowering.input(0)), .write(try lowering.output())],
                push: [UInt32(count), filler.word] + StridedShape.words(shape)
                    + StridedShape.words(lowering.node.inputShape(0)) + StridedShape.words(begin),
                elements: count)
        }

        /// Blocks of the plane to channels or back: a transposition of six dimensions.
        static func blocks(toSpace: Bool) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                let node = lowering.node
                let size = node.int("blocksize", otherwise: 1)
                let deep = toSpace ? node.inputShape(0) : node.outputShape(0)
                let (n, c, h, w) = (deep[0], deep[1] / (size * size), deep[2], deep[3])
                // The deep side is [n][size][size][c][h][w], or in the other mode [n][c][size][size][h][w].
                let row = node.string("mode", otherwise: "DCR") == "CRD"
                let shape = [n, c, h, size, w, size]
                let plane = h * w
                let block = row ? plane : c * plane
                let deepStrides = [
                    deep[1] * plane, row ? size * size * plane : plane, w, size * block, 1, block,
                ]
                let flat = [n, c, h, size, w, size].rowMajorStrides
                try lowering.move(
                    shape, from: try lowering.input(0), sourceStrides: toSpace ? deepStrides : flat,
                    to: try lowering.output(), targetStrides: toSpace ? flat : deepStrides)
            }
        }
    }

    extension VulkanTable {
        static let pad = row(
            "Pad", types: TypeConstraint([.float32], operands: [1: [.int64], 3: [.int32, .int64]]),
            if: .rank(1...6) && .check("known sizes") { Padding($0) == nil ? .runtimeOperand(1) : nil },
            work: { .elements(of: $0) }, .pad)

        static let tile = moving("Tile", if: .rank(1...6), operands: [1: [.int64]], .tile)

        private static let blockwise =
            Condition.rank(4...4)
            && .check("a block size that divides") { node in
                let size = node.int("blocksize", otherwise: 0)
                let shape = node.inputShape(0)
                guard size > 0, size < 1 << 15 else { return .attribute("blocksize", got: "\(size)") }
                let fits =
                    node.opType == "DepthToSpace"
                    ? shape[1] % (size * size) == 0 : shape[2] % size + shape[3] % size == 0
                return fits ? nil : .attribute("blocksize", got: "\(size)")
            }

        static let depthToSpace = moving("DepthToSpace", if: blockwise, .blocks(toSpace: true))
        static let spaceToDepth = moving("SpaceToDepth", if: blockwise, .blocks(toSpace: false))
    }
#endif
