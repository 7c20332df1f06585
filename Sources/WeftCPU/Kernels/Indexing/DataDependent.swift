import WeftProvider
import WeftProviderKit

private struct NonZeroLoop: NumberVisitor {
    let shape: [Int]

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let shape = shape
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: T.self)
            var places: [Int] = []
            for index in 0..<shape.elementCount where x[index].work != .zero { places.append(index) }
            let y = try invocation.allocate(output: 0, shape: [shape.count, places.count], as: Int64.self)
            let strides = shape.rowMajorStrides
            for axis in shape.indices {
                for (column, place) in places.enumerated() {
                    y[axis * places.count + column] = Int64(place / strides[axis] % shape[axis])
                }
            }
        }
    }
}

/// Slices that are kept, of an axis or of all elements in a row.
private func kept(_ condition: UnsafePointer<UInt8>, _ count: Int) -> [Int] {
    (0..<count).filter { condition[$0] != 0 }
}

extension CPUKernels {
    /// Coordinates of all elements that are not zero.
    static let nonZero = SupportRow(
        "NonZero", types: TypeConstraint(ElementTypes.numeric.union([.bool])),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let type = node.view.inputType(0)
            return try NonZeroLoop(shape: node.view.inputShape(0)).dispatch(type)
        })

    /// The shape that Compress sees: the axis that it cuts, or all elements as one.
    private static func compressed(_ node: NodeView) throws(WeftError) -> (shape: [Int], split: AxisSplit, axis: Int) {
        guard node.attributes["axis"] != nil else {
            let count = node.inputShape(0).elementCount
            return ([count], AxisSplit([count], axis: 0), 0)
        }
        let axis = try node.axis("axis")
        return (node.inputShape(0), AxisSplit(node.inputShape(0), axis: axis), axis)
    }

    /// Slices along an axis, or elements, where a condition holds; what it does not reach is dropped.
    static let compress = SupportRow(
        "Compress", types: TypeConstraint(.fixedSize, operands: [1: [.bool]]),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let (shape, split, axis) = try compressed(node.view)
            let limit = Swift.min(split.length, node.view.inputShape(1).elementCount)
            let bytes = split.inner * (node.view.inputType(0)?.byteWidth ?? 0)
            return { invocation throws(WeftError) in
                let slices = kept(invocation.input(1), limit)
                var result = shape
                result[axis] = slices.count
                let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
                let y = UnsafeMutableRawPointer(try invocation.allocate(output: 0, shape: result, as: UInt8.self))
                for outer in 0..<split.outer {
                    for (position, slice) in slices.enumerated() {
                        (y + (outer * slices.count + position) * bytes).copyMemory(
                            from: x + (outer * split.length + slice) * bytes, byteCount: bytes)
                    }
                }
            }
        })

    /// The same for strings.
    static let compressOfStrings = SupportRow(
        "Compress", types: TypeConstraint([.string], operands: [1: [.bool]]), dynamicOperands: true,
        variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let (shape, split, axis) = try compressed(node.view)
            let limit = Swift.min(split.length, node.view.inputShape(1).elementCount)
            return { invocation throws(WeftError) in
                let slices = kept(invocation.input(1), limit)
                let x = try invocation.strings(0).elements
                var result = shape
                result[axis] = slices.count
                var texts: [String] = []
                for outer in 0..<split.outer {
                    for slice in slices {
                        let start = (outer * split.length + slice) * split.inner
                        texts += x[start..<start + split.inner]
                    }
                }
                try invocation.set(output: 0, .strings(StringTensor(texts, shape: result)))
            }
        })
}
