#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        static func pool(maximum: Bool) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                let node = lowering.node
                guard let window = Window(node) else {
                    throw WeftError(.internalInconsistency, "pooling of rank \(node.inputShape(0).count)")
                }
                let count = node.outputShape(0).elementCount
                let countPads = node.int("count_include_pad", otherwise: 0) != 0
                try lowering.dispatch(
                    "pool_f32", [maximum ? 1 : 0, countPads ? 1 : 0],
                    [.read(try lowering.input(0)), .write(try lowering.output())],
                    push: Window.words(
                        count, window.input.h, window.input.w, window.output.h, window.output.w, window.kernel.h,
                        window.kernel.w, window.stride.h, window.stride.w, window.dilation.h, window.dilation.w,
                        window.begin.h, window.begin.w, window.end.h, window.end.w),
                    elements: count)
            }
        }
    }

    extension VulkanTable {
        private static let pools =
            Condition.rank(3...4) && .oneOutput
            && .check("a window of its rank") {
                Window($0) == nil ? .other("its window does not fit its rank") : nil
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
