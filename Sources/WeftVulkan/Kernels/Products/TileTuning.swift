#if Vulkan
    import WeftProvider

    /// Times the tiles that a device may run products with, each checked against a plain one first.
    ///
    /// Runs only when somebody asks for it: what it finds is kept by `TileMemory`.
    struct TileTuning {
        let device: VulkanDevice
        /// Whose tiles these are.
        let provider: any Provider

        /// What a kind of product ran with, best first, in seconds.
        struct Result {
            let kind: String
            let seconds: [(shape: String, seconds: Double)]
            /// Shapes whose results were wrong: the driver's fault, so they are never preferred.
            let wrong: [String]

            /// The kind, its tiles with microseconds, and what was wrong.
            var description: String {
                let times = seconds.map { "\($0.shape) \(Int($0.seconds * 1e6)) us" }
                return "\(kind): " + (times + wrong.map { "\($0) wrong" }).joined(separator: ", ")
            }
        }

        func run() throws(WeftError) -> [Result] {
            var results: [Result] = []
            for probe in Probe.all { results.append(try time(probe)) }
            return results
        }

        private func time(_ probe: Probe) throws(WeftError) -> Result {
            guard let demand = probe.demand,
                case .variants(let offered) = provider.support(probe.node, on: device.description)
            else {
                throw WeftError(.internalInconsistency, "a probe that the table does not run", node: probe.node.label)
            }
            let expected = try TimedProduct(probe, try plainest(offered), on: device).output()
            var seconds: [(shape: String, seconds: Double)] = []
            var wrong: [String] = []
            for shape in TileShape.all(device.description) {
                guard let tile = demand.cut(shape, device.description), !shape.vector || demand.vector,
                    !shape.shared || demand.shares, let variant = offered.first(where: { $0.name == tile.name })
                else { continue }
                let product = try TimedProduct(probe, variant, on: device)
                if zip(try product.output(), expected).allSatisfy({ abs($0 - $1) <= 1e-4 * max(1, abs($1)) }) {
                    seconds.append((shape.name, try product.seconds()))
                } else {
                    wrong.append(shape.name)
                }
            }
            return Result(kind: demand.kind, seconds: seconds.sorted { $0.seconds < $1.seconds }, wrong: wrong)
        }

        /// The variant with the least in it: no sharing, no vectors, the smallest tile.
        private func plainest(_ offered: [Variant]) throws(WeftError) -> Variant {
            let plain = offered.filter { $0.name.hasPrefix("tile") && !$0.name.hasSuffix("shared") }
            guard let last = plain.last ?? offered.last else {
                throw WeftError(.internalInconsistency, "a product without a variant")
            }
            return last
        }
    }

    /// A product of a size that many models have.
    private struct Probe {
        let node: NodeView
        let demand: TileDemand?

        static let all: [Probe] = [
            convolution(32, 64, size: 28, kernel: 3), convolution(32, 16, size: 28, kernel: 3),
            convolution(128, 128, size: 28, kernel: 1), convolution(96, 16, size: 28, kernel: 1),
            matrix(rows: 196, 192, 384), matrix(rows: 16, 192, 384),
        ]

        private static func convolution(_ channels: Int, _ outputs: Int, size: Int, kernel: Int) -> Probe {
            let pad = Int64(kernel / 2)
            let node = node(
                "Conv", [1, channels, size, size], [outputs, channels, kernel, kernel], [1, outputs, size, size],
                ["pads": .ints([pad, pad, pad, pad])])
            return Probe(node: node, demand: Convolution(node, transposed: false)?.demand)
        }

        private static func matrix(rows: Int, _ k: Int, _ n: Int) -> Probe {
            let node = node("MatMul", [rows, k], [k, n], [rows, n], [:])
            return Probe(node: node, demand: MatMulShape([rows, k], [k, n]).map { MatrixProduct($0).demand })
        }

        private static func node(
            _ opType: String, _ x: [Int], _ w: [Int], _ y: [Int], _ attributes: [String: Attribute]
        ) -> NodeView {
            let weights = Tensor(noise(w.elementCount), shape: w)
            let constant = Constant(
                id: UInt64(w.elementCount), elementType: .float32, shape: w,
                payload: .bytes(BufferConstant(weights.storage)))
            return NodeView(
                id: 0, name: opType, opType: opType,
                inputs: [
                    Operand(value: 0, type: .tensor(.float32, .fixed(x))),
                    Operand(value: 1, type: .tensor(.float32, .fixed(w)), constant: constant),
                ],
                outputs: [Operand(value: 2, type: .tensor(.float32, .fixed(y)))], attributes: attributes)
        }

        /// Numbers between -1 and 1 that look random and are the same every time.
        static func noise(_ count: Int) -> [Float] {
            (0..<count).map { Float(Int32(truncatingIfNeeded: ($0 &+ 1) &* 0x9e37_79b9)) / Float(1 << 31) }
        }
    }

    /// One product with one tile, ready to run again and again.
    private final class TimedProduct {
        private let device: VulkanDevice
        private let bound: any BoundSegment
        private let input: DeviceBuffer
        private let result: DeviceBuffer
        private let count: Int

        init(_ probe: Probe, _ variant: Variant, on device: VulkanDevice) throws(WeftError) {
            self.device = device
            func bytes(_ operand: Operand?) -> Int { operand?.type.byteCount ?? 0 }
            let read = bytes(probe.node.input(0))
            let written = bytes(probe.node.output(0))
            count = written / 4
            input = try DeviceBuffer(device.logical, byteCount: read, .staging)
            result = try DeviceBuffer(device.logical, byteCount: written, .staging)
            var places: [Int: Place] = [:]
            for (value, staging, size) in [(0, input, read), (2, result, written)] {
                let local = try DeviceBuffer(device.logical, byteCount: size, .device)
                places[value] = .planned(
                    BufferView(local, byteCount: size), staging: BufferView(staging, byteCount: size))
            }
            let graph = GraphView(nodes: [probe.node], inputs: [0], outputs: [2])
            let segment = Segment(graph: graph, variants: [variant], imports: [0], exports: [2])
            bound = try device.compile(segment, constants: Unshared()).bind(places, scratch: nil)
            let noise = Probe.noise(read / 4)
            noise.withUnsafeBytes { source in
                if let base = source.baseAddress { input.host?.copyMemory(from: base, byteCount: source.count) }
            }
        }

        private func run() throws(WeftError) {
            let nothing = Unshared()
            try device.wait(try bound.submit(RunContext(values: nothing, workers: nothing)))
        }

        func output() throws(WeftError) -> [Float] {
            try run()
            guard let host = result.host else { return [] }
            return (0..<count).map { host.load(fromByteOffset: 4 * $0, as: Float.self) }
        }

        /// The least of several runs.
        func seconds() throws(WeftError) -> Double {
            var best = Double.infinity
            let clock = ContinuousClock()
            for _ in 0..<7 {
                let start = clock.now
                try run()
                let (seconds, attoseconds) = (clock.now - start).components
                best = min(best, Double(seconds) + Double(attoseconds) * 1e-18)
            }
            return best
        }
    }

    /// Constants that nobody else asks for, and a run without threads or dynamic values.
    private final class Unshared: ConstantStore, DynamicValues, Workers {
        func packed<P: Packed>(
            _ constant: Constant, on device: String, format: String, _ make: () throws(WeftError) -> P
        ) throws(WeftError) -> P { try make() }

        func value(_ slot: Int) throws(WeftError) -> Value {
            throw WeftError(.internalInconsistency, "no slot \(slot)")
        }
        func pointer(_ slot: Int) -> UnsafeMutableRawPointer? { nil }
        func set(_ slot: Int, _ value: Value) {}
        func allocate(_ type: ElementType, _ shape: [Int]) throws(WeftError) -> Tensor {
            try Tensor(uninitialized: type, shape: shape)
        }

        var count: Int { 1 }
        func forEach(_ chunks: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void) throws(WeftError) {
            for chunk in 0..<chunks { body(chunk, 0) }
        }
        func checkCancellation() throws(WeftError) {}
    }
#endif
