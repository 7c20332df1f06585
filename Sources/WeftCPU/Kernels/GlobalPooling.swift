import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let globalAveragePool = global(
        "GlobalAveragePool",
        GlobalPoolReference<MeanOfPlane>.kernel.with(["pixels", "pixels to plain"], PixelKernels.makeMean),
        pixels: true)
    static let globalLpPool = global("GlobalLpPool", GlobalPoolReference<NormOfPlane>.kernel)
    static let globalMaxPool = global("GlobalMaxPool", GlobalPoolReference<MaximumOfPlane>.kernel)

    private static func global(_ name: String, _ kernel: HostKernel, pixels: Bool = false) -> SupportRow {
        SupportRow(
            name, types: TypeConstraint(.floating),
            variants: { node, _ in
                let count = Double(node.inputShape(0).elementCount)
                let bytes = Double(node.input(0)?.type.byteCount ?? 0)
                let plain = Variant("plain", work: Work(.reference, flops: count, bytes: bytes))
                return (pixels ? PixelKernels.mean(node) : []) + [plain]
            }, kernel: kernel)
    }
}

/// What becomes of a plane of numbers.
protocol PlaneFold: SendableMetatype {
    static func fold<E: KernelFloat>(_ x: UnsafePointer<E>, _ count: Int, p: Double) -> Double
}

private enum MeanOfPlane: PlaneFold {
    static func fold<E: KernelFloat>(_ x: UnsafePointer<E>, _ count: Int, p: Double) -> Double {
        var sum = 0.0
        for i in 0..<count { sum += x[i].work.double }
        return sum / Double(count)
    }
}

private enum MaximumOfPlane: PlaneFold {
    static func fold<E: KernelFloat>(_ x: UnsafePointer<E>, _ count: Int, p: Double) -> Double {
        var best = E.Work.lowest
        for i in 0..<count where x[i].work > best { best = x[i].work }
        return best.double
    }
}

private enum NormOfPlane: PlaneFold {
    static func fold<E: KernelFloat>(_ x: UnsafePointer<E>, _ count: Int, p: Double) -> Double {
        var sum = 0.0
        for i in 0..<count { sum += x[i].work.magnitude.double.power(p) }
        return sum.power(1 / p)
    }
}

private enum GlobalPoolReference<Fold: PlaneFold>: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = node.view.inputShape(0)
        let planes = Array(shape.prefix(2)).elementCount
        let size = Array(shape.dropFirst(2)).elementCount
        let p = node.view.attributes["p"] == nil ? 2 : Double(try node.view.int("p"))
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: planes, grain: 1 + 10_000 / Swift.max(size, 1)) { range, _ in
                for plane in range { y[plane] = E(work: E.Work(Fold.fold(x + plane * size, size, p: p))) }
            }
        }
    }
}
