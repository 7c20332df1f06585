#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        static func pool(maximum: Bool) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                let node = lowering.node
                let windows = try Windows(node)
                let (height, width) = (windows.height, windows.width)
                let count = node.outputShape(0).elementCount
                let countPads = node.int("count_include_pad", otherwise: 0) != 0
                try lowering.dispatch(
                    "pool_f32", [maximum ? 1 : 0, countPads ? 1 : 0],
                    [.read(try lowering.input(0)), .write(try lowering.output())],
                    push: [UInt32].words(
                        count, height.grid, width.grid, height.steps, width.steps, height.kernel,
                        width.kernel, height.stride, width.stride, height.dilation, width.dilation,
                        height.begin, width.begin, height.end, width.end),
                    elements: count)
            }
        }
    }

    extension VulkanTable {
        private static let pools =
            Condition.rank(3...4) && .oneOutput
            && .check("a window of its rank") {
                (try? Windows($0)) == nil ? .other("its window does not fit its rank") : nil
            }

        private static func poolWork(_ node: NodeView) -> Work {
            let taps = node.ints("kernel_shape", otherwise: [1]).reduce(1.0) { $0 * Double($1) }
            return .elements(of: node, flopsPerElement: taps, rate: .direct)
        }

        static let averagePool = row(
            "AveragePool", types: TypeConstraint([.float32]), if: pools, work: poolWork, .pool(maximum: false))
        static let maxPool = row(
            "MaxPool", types: TypeConstraint([.float32]), if: pools, work: poolWork, .pool(maximum: true))
    }
#endif
