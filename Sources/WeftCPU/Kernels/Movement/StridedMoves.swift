import WeftProvider

/// Operators that are one strided copy of their first input.
extension CPUKernels {
    /// A movement of the first input by strides into it, and where it starts, for each axis of `sizes`.
    private static func strided(
        _ opType: String,
        _ plan: @escaping @Sendable (NodeView) throws(WeftError) -> (sizes: [Int], strides: [Int], start: Int)
    ) -> Movement {
        Movement(opType) { node, width throws(WeftError) in
            let plan = try plan(node)
            let copy = StridedCopy(plan.sizes, from: plan.strides, sourceOffset: plan.start, width: width)
            return { operands throws(WeftError) in
                try copy.run(try operands.input(0), try operands.output(), operands.workers)
            }
        }
    }

    private static let transposes = strided("Transpose") { node throws(WeftError) in
        let strides = node.inputShape(0).rowMajorStrides
        return (node.outputShape(0), try node.ints("perm").map { strides[$0] }, 0)
    }
    static let transpose = TransposedPixels.row(transposes.numbers(more: TransposedPixels.variants))
    static let transposeOfStrings = transposes.strings

    private static let slices = strided("Slice") { node throws(WeftError) in
        let strides = node.inputShape(0).rowMajorStrides
        let (starts, steps) = (try node.ints("starts"), try node.ints("steps"))
        let start = zip(starts, strides).reduce(0) { $0 &+ $1.0 &* $1.1 }
        return (node.outputShape(0), zip(strides, steps).map { $0 &* $1 }, start)
    }
    static let slice = slices.numbers()
    static let sliceOfStrings = slices.strings

    private static let expansions = strided("Expand") { node throws(WeftError) in
        let (x, shape) = (node.inputShape(0), node.outputShape(0))
        let strides = zip(x, x.rowMajorStrides).map { $0 == 1 ? 0 : $1 }
        return (shape, [Int](repeating: 0, count: shape.count - x.count) + strides, 0)
    }
    static let expand = expansions.numbers()
    static let expandOfStrings = expansions.strings

    /// Each axis becomes two: the repetition, along which nothing moves, and the axis itself.
    private static let tiles = strided("Tile") { node throws(WeftError) in
        let (x, shape) = (node.inputShape(0), node.outputShape(0))
        var (sizes, strides): ([Int], [Int]) = ([], [])
        for ((size, stride), full) in zip(zip(x, x.rowMajorStrides), shape) {
            sizes += [size == 0 ? 0 : full / size, size]
            strides += [0, stride]
        }
        return (sizes, strides, 0)
    }
    static let tile = tiles.numbers()
    static let tileOfStrings = tiles.strings

    private static let depthsToSpace = strided("DepthToSpace") { node throws(WeftError) in
        let x = node.inputShape(0)
        let block = try node.int("blocksize")
        let channels = x[1] / (block * block)
        let columnsFirst = try node.string("mode") == "CRD"
        let split =
            columnsFirst ? [x[0], channels, block, block, x[2], x[3]] : [x[0], block, block, channels, x[2], x[3]]
        let order = columnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]
        let strides = split.rowMajorStrides
        return (order.map { split[$0] }, order.map { strides[$0] }, 0)
    }
    static let depthToSpace = depthsToSpace.numbers()
    static let depthToSpaceOfStrings = depthsToSpace.strings

    private static let spacesToDepth = strided("SpaceToDepth") { node throws(WeftError) in
        let x = node.inputShape(0)
        let block = try node.int("blocksize")
        let columnsFirst = try node.string("mode") == "CRD"
        let split = [x[0], x[1], x[2] / block, block, x[3] / block, block]
        let order = columnsFirst ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]
        let strides = split.rowMajorStrides
        return (order.map { split[$0] }, order.map { strides[$0] }, 0)
    }
    static let spaceToDepth = spacesToDepth.numbers()
    static let spaceToDepthOfStrings = spacesToDepth.strings
}
