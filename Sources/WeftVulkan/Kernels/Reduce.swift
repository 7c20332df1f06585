#if Vulkan
    import WeftProvider

    /// Reductions; the values are those of reduce.comp.
    enum ReduceFunction: UInt32 {
        case sum = 0
        case mean, maximum, minimum, product, l1, l2, sumSquare, logSum, logSumExp
    }

    /// A reduction's axes as one run: outer x length x inner.
    struct ReducedRun {
        let rows: Int
        let length: Int
        let inner: Int

        /// Nil where the axes are not known, or do not lie together (dimensions of 1 aside).
        init?(_ node: NodeView) {
            let shape = node.inputShape(0)
            guard let axes = Self.axes(node, rank: shape.count) else { return nil }
            guard axes.allSatisfy(shape.indices.contains) else { return nil }
            let real = axes.filter { shape[$0] != 1 }.sorted()
            guard let first = real.first, let last = real.last else {
                (rows, length, inner) = (shape.elementCount, 1, 1)
                return
            }
            let between = (first...last).filter { shape[$0] != 1 }
            guard between == real else { return nil }
            length = real.reduce(1) { $0 * shape[$1] }
            inner = shape.dropFirst(last + 1).reduce(1, *)
            rows = shape.elementCount / length
        }

        /// As shape inference resolved them, or from the second input.
        private static func axes(_ node: NodeView, rank: Int) -> [Int]? {
            if case .ints(let resolved) = node.attributes["axes"] { return resolved.map { Int($0) } }
            let given = node.has(input: 1) ? node.knownInts(1) : []
            guard let given else { return nil }
            if !given.isEmpty { return given.map { $0 < 0 ? $0 + rank : $0 } }
            return node.int("noop_with_empty_axes", otherwise: 0) != 0 ? [] : Array(0..<rank)
        }

        init(rows: Int, length: Int, inner: Int) {
            self.rows = rows
            self.length = length
            self.inner = inner
        }

        func lower(_ lowering: Lowering, _ function: ReduceFunction) throws(WeftError) {
            let bindings: [Binding] = [.read(try lowering.input(0)), .write(try lowering.output())]
            let push = [UInt32].words(rows, length, inner)
            if inner == 1, length >= 32 {
                try lowering.dispatch("reduce_f32_row", [function.rawValue], bindings, push: push, rows: rows)
            } else {
                try lowering.dispatch("reduce_f32", [function.rawValue], bindings, push: push, elements: rows)
            }
        }
    }

    extension VulkanKernel {
        static func reduce(_ function: ReduceFunction) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                guard let run = ReducedRun(lowering.node) else {
                    throw WeftError(.internalInconsistency, "a reduction whose axes do not lie together")
                }
                try run.lower(lowering, function)
            }
        }

        /// Over all dimensions past the second.
        static func globalPool(_ function: ReduceFunction) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                let shape = lowering.node.inputShape(0)
                let length = shape.dropFirst(2).reduce(1, *)
                try ReducedRun(rows: shape.elementCount / length, length: length, inner: 1).lower(lowering, function)
            }
        }
    }

    extension VulkanTable {
        private static func reduce(_ opType: String, _ function: ReduceFunction) -> SupportRow {
            row(
                opType, types: TypeConstraint([.float32], operands: [1: [.int64]]),
                if: .check("known axes that lie together") { node in
                    if node.attributes["axes"] == nil, node.has(input: 1), node.input(1)?.constant == nil {
                        return .runtimeOperand(1)
                    }
                    return ReducedRun(node) == nil ? .other("the axes do not lie together") : nil
                },
                work: reduceWork, .reduce(function))
        }

        private static func globalPool(_ opType: String, _ function: ReduceFunction) -> SupportRow {
            row(
                opType, types: TypeConstraint([.float32]), if: .rank(3...8), work: reduceWork, .globalPool(function))
        }

        private static func reduceWork(_ node: NodeView) -> Work {
            var work = Work.elements(of: node, rate: .elementwise)
            work.flops = Double(node.inputShape(0).elementCount)
            return work
        }

        static let globalAveragePool = globalPool("GlobalAveragePool", .mean)
        static let globalMaxPool = globalPool("GlobalMaxPool", .maximum)
        static let reduceL1 = reduce("ReduceL1", .l1)
        static let reduceL2 = reduce("ReduceL2", .l2)
        static let reduceLogSum = reduce("ReduceLogSum", .logSum)
        static let reduceLogSumExp = reduce("ReduceLogSumExp", .logSumExp)
        static let reduceMax = reduce("ReduceMax", .maximum)
        static let reduceMean = reduce("ReduceMean", .mean)
        static let reduceMin = reduce("ReduceMin", .minimum)
        static let reduceProd = reduce("ReduceProd", .product)
        static let reduceSum = reduce("ReduceSum", .sum)
        static let reduceSumSquare = reduce("ReduceSumSquare", .sumSquare)
    }
#endif
