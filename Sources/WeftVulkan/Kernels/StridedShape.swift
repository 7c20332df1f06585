#if Vulkan
    import WeftProvider

    /// A shape that several operands walk together, its dimensions folded into as few as their strides allow.
    struct StridedShape: Equatable {
        /// Dimensions that shaders have room for.
        static let maxRank = 6

        /// Outermost first; never empty, and no dimension of 1 unless it is the only one.
        private(set) var shape: [Int]
        /// An operand's strides in elements, each as many as there are dimensions.
        private(set) var strides: [[Int]]

        /// Drops dimensions of 1, and joins neighbours that every operand walks as one.
        init(_ dimensions: [Int], _ operandStrides: [[Int]]) {
            var shape: [Int] = []
            var strides = operandStrides.map { _ in [Int]() }
            for axis in dimensions.indices where dimensions[axis] != 1 {
                let size = dimensions[axis]
                let joins =
                    !shape.isEmpty
                    && strides.indices.allSatisfy { operand in
                        strides[operand].last == operandStrides[operand][axis] &* size
                    }
                if joins {
                    shape[shape.count - 1] *= size
                } else {
                    shape.append(size)
                }
                for operand in strides.indices {
                    if joins { strides[operand].removeLast() }
                    strides[operand].append(operandStrides[operand][axis])
                }
            }
            if shape.isEmpty {
                shape = [1]
                strides = operandStrides.map { _ in [0] }
            }
            self.shape = shape
            self.strides = strides
        }

        /// Strides that read an operand of `shape` as if it had `target`'s; nil where it does not broadcast to it.
        static func broadcastStrides(_ shape: [Int], to target: [Int]) -> [Int]? {
            guard shape.count <= target.count else { return nil }
            let own = shape.rowMajorStrides
            var strides = [Int](repeating: 0, count: target.count)
            for (axis, size) in shape.enumerated() {
                let at = axis + target.count - shape.count
                if size == target[at] {
                    strides[at] = size == 1 ? 0 : own[axis]
                } else if size != 1 {
                    return nil
                }
            }
            return strides
        }

        var count: Int { shape.reduce(1, *) }

        /// Six words, the unused ones 0; negative strides in two's complement.
        static func words(_ values: [Int]) -> [UInt32] {
            values.map { UInt32(truncatingIfNeeded: $0) }
                + [UInt32](repeating: 0, count: max(0, maxRank - values.count))
        }
    }
#endif
