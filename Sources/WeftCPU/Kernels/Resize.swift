import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Interpolation, one axis after another, in double precision.
    static let resize = SupportRow(
        "Resize", types: TypeConstraint(.numeric, operands: resizeOperands), if: .interpolating,
        variants: { node, _ in
            // Two buffers of the largest intermediate, whose axes are each the larger of both.
            let largest = zip(node.inputShape(0), node.outputShape(0)).reduce(1) { $0 * Swift.max($1.0, $1.1) }
            let work = Work.elements(of: node, flopsPerElement: 16, rate: .reference)
            return PixelKernels.bilinear(node) + [Variant("plain", work: work, scratch: 16 * Swift.max(largest, 1))]
        }, kernel: ResizeReference.kernel.with(["pixels"], PixelKernels.makeBilinear))

    /// The nearest element: a copy, whatever the type.
    static let resizeNearest = SupportRow(
        "Resize", types: TypeConstraint(.fixedSize, operands: resizeOperands), if: .nearest,
        variants: { node, _ in
            PixelKernels.nearest(node) + [Variant("plain", work: .elements(of: node, rate: .elementwise))]
        },
        kernel: HostKernel { node throws(WeftError) in
            if node.variant == "pixels" { return try PixelKernels.makeNearest(node) }
            return switch node.view.inputType(0)?.byteWidth {
            case 1: try ResizeNearest.make(node, UInt8.self)
            case 2: try ResizeNearest.make(node, UInt16.self)
            case 4: try ResizeNearest.make(node, UInt32.self)
            case 8: try ResizeNearest.make(node, UInt64.self)
            default: try ResizeNearest.make(node, SIMD2<UInt64>.self)
            }
        })

    private static let resizeOperands: [Int: ElementTypes] = [
        1: .floating, 2: .floating, 3: [.int64],
    ]
}

extension Condition {
    private static func mode(_ text: String, _ modes: Set<String>) -> Condition {
        Condition(text) { node, _ in
            guard let mode = try? node.string("mode") else { return .attribute("mode", got: "nothing") }
            return modes.contains(mode) ? nil : .attribute("mode", got: mode)
        }
    }

    fileprivate static let nearest = mode("mode nearest", ["nearest"])
    fileprivate static let interpolating = mode("mode linear or cubic", ["linear", "cubic"])
}

/// Copies the nearest element along every axis at once.
private enum ResizeNearest {
    static func make<T: BitwiseCopyable>(_ node: HostNode, _ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let sampling = try ResizeSampling(node.view)
        let type = node.view.inputType(0) ?? .float32
        let outside = try extrapolation(sampling.extrapolation, type)
        let strides = node.view.inputShape(0).rowMajorStrides
        // Offsets along each axis; the last axis is walked in the inner loop.
        let offsets = sampling.axes.enumerated().map { axis, list in
            list.positions.map { $0 < 0 ? -1 : $0 * strides[axis] }
        }
        let last = offsets.last ?? [0]
        let outer = Array(offsets.dropLast())
        let lines = outer.reduce(1) { $0 * $1.count }
        return { invocation throws(WeftError) in
            let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self)).assumingMemoryBound(to: T.self)
            let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self)).assumingMemoryBound(to: T.self)
            let fill = outside.withUnsafeBytes { $0.loadUnaligned(as: T.self) }
            try invocation.workers.forEachRange(of: lines, grain: 1 + 10_000 / (1 + last.count)) { range, _ in
                for line in range {
                    var (rest, base) = (line, 0)
                    for list in outer.reversed() {
                        let offset = list[rest % list.count]
                        base = offset < 0 || base < 0 ? -1 : base + offset
                        rest /= list.count
                    }
                    let target = y + line * last.count
                    for (index, offset) in last.enumerated() {
                        target[index] = base < 0 || offset < 0 ? fill : x[base + offset]
                    }
                }
            }
        }
    }

    /// The bytes of the extrapolation value in an element type, at least 16.
    private static func extrapolation(_ value: Double, _ type: ElementType) throws(WeftError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16)
        bytes.withUnsafeMutableBytes { raw in
            switch type {
            case .float32: raw.storeBytes(of: Float(value), as: Float.self)
            case .float64: raw.storeBytes(of: value, as: Double.self)
            case .float16: raw.storeBytes(of: Float16(value), as: Float16.self)
            case .bfloat16: raw.storeBytes(of: BFloat16(Float(value)), as: BFloat16.self)
            default: raw.storeBytes(of: Int64(double: value), as: Int64.self)
            }
        }
        return bytes
    }
}

/// Interpolation axis by axis; what lies outside a region gets the extrapolation value.
private enum ResizeReference: NumberKernel {
    static func make<E: KernelNumber>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let sampling = try ResizeSampling(node.view)
        var shape = node.view.inputShape(0)
        let largest = zip(shape, node.view.outputShape(0)).reduce(1) { $0 * Swift.max($1.0, $1.1) }
        let count = node.view.outputShape(0).elementCount
        let inputCount = shape.elementCount
        var passes: [(AxisSampling, AxisSplit)] = []
        for (axis, list) in sampling.axes.enumerated() where !list.isIdentity {
            passes.append((list, AxisSplit(shape, axis: axis)))
            shape[axis] = list.output
        }
        let steps = passes
        let extrapolation = sampling.extrapolation
        return { invocation throws(WeftError) in
            guard count > 0 else { return }
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            var source = invocation.scratch(as: Double.self)
            var target = source + largest
            for i in 0..<inputCount { source[i] = x[i].work.double }
            for (list, split) in steps {
                try interpolate(source, target, list, split, extrapolation, invocation.workers)
                swap(&source, &target)
            }
            for i in 0..<count { y[i] = E(nearest: source[i]) }
        }
    }

    private static func interpolate(
        _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ list: AxisSampling, _ split: AxisSplit,
        _ extrapolation: Double, _ workers: any Workers
    ) throws(WeftError) {
        let inner = split.inner
        let grain = 1 + 5_000 / (1 + list.taps * inner)
        try workers.forEachRange(of: split.outer * list.output, grain: grain) { range, _ in
            for line in range {
                let (block, index) = (line / list.output, line % list.output)
                let target = y + line * inner
                let first = index * list.taps
                guard list.positions[first] >= 0 else {
                    for i in 0..<inner { target[i] = extrapolation }
                    continue
                }
                for i in 0..<inner { target[i] = 0 }
                for tap in first..<first + list.taps {
                    let weight = list.weights[tap]
                    let source = x + (block * list.input + list.positions[tap]) * inner
                    for i in 0..<inner { target[i] += weight * source[i] }
                }
            }
        }
    }
}
