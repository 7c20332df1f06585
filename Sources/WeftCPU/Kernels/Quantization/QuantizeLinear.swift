import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let quantizeLinear = SupportRow(
        "QuantizeLinear", types: TypeConstraint(ElementAccess.types), if: known,
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 4, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let granularity = try Granularity(node.view)
            let count = node.view.inputShape(0).elementCount
            let precision = try node.view.int("precision")
            let type = precision == 0 ? nil : UInt8(exactly: precision).flatMap { ElementType(rawValue: $0) }
            let round = ElementAccess.rounding(type ?? node.view.inputType(1))
            let read = try ElementAccess.read(node.view.inputType(0))
            let scale = try ElementAccess.read(node.view.inputType(1))
            let zero = node.view.has(input: 2) ? try ElementAccess.read(node.view.inputType(2)) : nil
            let write = try ElementAccess.quantize(
                node.view.outputType(0), saturate: try node.view.flag("saturate"))
            let integer = node.view.outputType(0)?.isInteger == true
            let bytes = node.view.output(0)?.type.byteCount ?? 0
            return { invocation throws(WeftError) in
                let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
                let scales = UnsafeRawPointer(invocation.input(1, as: UInt8.self))
                let zeros = invocation.optionalInput(2, as: UInt8.self).map { UnsafeRawPointer($0) }
                let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                y.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
                try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                    for index in range {
                        let at = granularity.index(index)
                        var value = round(read(x, index) / scale(scales, at))
                        if integer { value = value.rounded(.toNearestOrEven) }
                        if let zero, let zeros { value += zero(zeros, at) }
                        write(y, index, value)
                    }
                }
            }
        })

    static let dequantizeLinear = SupportRow(
        "DequantizeLinear", types: TypeConstraint(ElementAccess.types), if: known,
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 4, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let granularity = try Granularity(node.view)
            let count = node.view.inputShape(0).elementCount
            let read = try ElementAccess.read(node.view.inputType(0))
            let scale = try ElementAccess.read(node.view.inputType(1))
            let zero = node.view.has(input: 2) ? try ElementAccess.read(node.view.inputType(2)) : nil
            let write = try CastWriter().dispatch(node.view.outputType(0))
            return { invocation throws(WeftError) in
                let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
                let scales = UnsafeRawPointer(invocation.input(1, as: UInt8.self))
                let zeros = invocation.optionalInput(2, as: UInt8.self).map { UnsafeRawPointer($0) }
                let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                    for index in range {
                        let at = granularity.index(index)
                        var value = read(x, index)
                        if let zero, let zeros { value -= zero(zeros, at) }
                        write(y, index, Double(Float(value) * Float(scale(scales, at))))
                    }
                }
            }
        })

    static let dynamicQuantizeLinear = SupportRow(
        "DynamicQuantizeLinear", types: TypeConstraint([.float32]),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 4, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let count = node.view.inputShape(0).elementCount
            let (givesScale, givesZero) = (node.view.has(output: 1), node.view.has(output: 2))
            return { invocation throws(WeftError) in
                let x = invocation.input(0, as: Float.self)
                let y = invocation.output(0, as: UInt8.self)
                var (low, high) = (Float.zero, Float.zero)
                for index in 0..<count { (low, high) = (Swift.min(low, x[index]), Swift.max(high, x[index])) }
                let scale = (high - low) / 255
                let zero = UInt8(saturating: Double((-low / scale).rounded(.toNearestOrEven)))
                for index in 0..<count {
                    y[index] = UInt8(saturating: Double((x[index] / scale).rounded(.toNearestOrEven)) + Double(zero))
                }
                if givesScale { invocation.output(1, as: Float.self)[0] = scale }
                if givesZero { invocation.output(2, as: UInt8.self)[0] = zero }
            }
        })

    /// Every operand of a type whose elements can be read and written.
    private static let known = Condition("") { node, _ in
        guard let type = node.outputType(0), !ElementAccess.types.contains(type) else { return nil }
        return .other("does not give \(type)")
    }
}

/// Which element of scale and zero point an element of x takes.
private struct Granularity: Sendable {
    private var (inner, axisSize, block) = (1, 1, 1)
    private var (outerStep, axisStep, innerStep) = (0, 0, 0)

    init(_ node: NodeView) throws(WeftError) {
        let (x, scale) = (node.inputShape(0), node.inputShape(1))
        guard scale.elementCount != 1 else { return }
        let axis = try node.int("axis")
        inner = x[(axis + 1)...].reduce(1, &*)
        axisSize = x[axis]
        axisStep = 1
        let size = try node.int("block_size")
        guard size > 0 else { return }
        block = size
        (outerStep, axisStep, innerStep) = (scale[axis] * inner, inner, 1)
    }

    @inline(__always)
    func index(_ element: Int) -> Int {
        guard axisStep != 0 else { return 0 }
        let (row, column) = element.quotientAndRemainder(dividingBy: inner)
        let (outer, position) = row.quotientAndRemainder(dividingBy: axisSize)
        return outer * outerStep + position / block * axisStep + column * innerStep
    }
}
