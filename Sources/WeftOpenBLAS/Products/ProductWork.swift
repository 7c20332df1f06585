#if OpenBLAS
    import WeftProvider
    import WeftProviderKit

    extension OpenBLASTable {
        /// Operations of a product that take as long as copying one element, as the library does to pack operands.
        ///
        /// It packs them anew in every call, so a product of few rows or little depth is dear here.
        static let copying = 16.0

        /// One variant: the library reads both operands, writes both packed, and reads those.
        @Sendable static func productVariants(_ node: NodeView, _ device: DeviceDescription) -> [Variant] {
            let sizes = productSizes(node)
            var work = Work.elements(of: node, flopsPerElement: 2 * Double(sizes.depth), rate: .gemm)
            if sizes.rows > 1, sizes.columns > 1 {
                for input in 0...1 {
                    work.bytes += 2 * Double(node.input(input)?.type.byteCount ?? 0)
                    work.flops += copying * Double(node.inputShape(input).elementCount)
                }
            }
            return [Variant("gemm", work: work)]
        }

        /// Rows, columns and depth of a product node's matrices.
        private static func productSizes(_ node: NodeView) -> (rows: Int, columns: Int, depth: Int) {
            if node.opType.hasSuffix("Gemm") {
                let shape = GemmShape(node)
                return (shape.rows, shape.columns, shape.depth)
            }
            let (a, b) = (node.inputShape(0), node.inputShape(1))
            let rows = a.count < 2 ? 1 : b.count <= 2 ? a.dropLast().reduce(1, &*) : a[a.count - 2]
            return (rows, b.count < 2 ? 1 : b.last ?? 1, a.last ?? 1)
        }

        /// Every axis, and every matrix made of several, is within the library's 32-bit sizes.
        static let fits = Condition("sizes below 2^31") { node, _ in
            let longest: Int
            if node.opType.hasSuffix("Gemm") || node.opType.hasSuffix("MatMul") {
                let shapes = node.inputShape(0) + node.inputShape(1) + node.outputShape(0)
                longest = Swift.max(shapes.max() ?? 0, productSizes(node).rows)
            } else {
                let planes = [node.inputShape(0), node.outputShape(0)].map { $0.dropFirst(2).reduce(1, &*) }
                let window = node.inputShape(1).dropFirst().reduce(1, &*)
                longest = (planes + [window, node.inputShape(1).first ?? 0]).max() ?? 0
            }
            guard longest > Int(Int32.max) else { return nil }
            return .limit("matrix size", needs: longest, has: Int(Int32.max))
        }

        /// A window over axes whose sizes are known.
        static let convolves = Condition("a window of known sizes") { node, _ in
            let transposed = node.opType == "ConvTranspose"
            guard (try? Windows(node, transposed: transposed)) != nil, (try? node.int("group")) ?? 0 > 0 else {
                return .other("its window does not fit its operands")
            }
            return nil
        }
    }
#endif
