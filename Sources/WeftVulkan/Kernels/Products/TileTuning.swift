#if Vulkan
    import WeftProvider
    import WeftProviderKit

    /// Times the tiles that a device may run products with, each checked against a plain one first.
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
            /// Shapes that time did not allow.
            let skipped: Int

            /// The quickest; nil where there was nothing to choose from.
            var best: String? { seconds.count + wrong.count > 1 ? seconds.first?.shape : nil }

            /// The kind, its best tiles with microseconds, and what was wrong.
            var description: String {
                var parts = seconds.prefix(3).map { "\($0.shape) \(Int($0.seconds * 1e6)) us" }
                if seconds.count > 3 { parts.append("\(seconds.count - 3) slower") }
                parts += wrong.map { "\($0) wrong" }
                if skipped > 0 { parts.append("\(skipped) not tried") }
                return "\(kind): \(parts.joined(separator: ", "))"
            }
        }

        /// One result for each kind that fits in about so many seconds, each with the likeliest tile among its own.
        func run(seconds: Double = .infinity) throws(WeftError) -> [Result] {
            let start = ContinuousClock.now
            var results: [Result] = []
            for (index, probe) in Probe.all.enumerated() {
                let share = seconds * Double(index + 1) / Double(Probe.all.count)
                let isOver = { (ContinuousClock.now - start).seconds >= share }
                if isOver() { continue }
                results.append(try time(probe, until: isOver))
            }
            return results
        }

        private func time(_ probe: Probe, until isOver: () -> Bool) throws(WeftError) -> Result {
            guard let demand = probe.demand,
                case .variants(let offered) = provider.support(probe.node, on: device.description)
            else {
                throw WeftError(.internalInconsistency, "a probe that the table does not run", node: probe.node.label)
            }
            let expected = try TimedProduct(probe, try plainest(offered), on: device).output()
            var seconds: [(shape: String, seconds: Double)] = []
            var wrong: [String] = []
            var skipped = 0
            for shape in TileShape.all(device.description) {
                guard let tile = demand.cut(shape, device.description), !shape.vector || demand.vector,
                    !shape.shared || demand.shares, let variant = offered.first(where: { $0.name == tile.name })
                else { continue }
                if isOver() {
                    skipped += 1
                    continue
                }
                let product = try TimedProduct(probe, variant, on: device)
                if zip(try product.output(), expected).allSatisfy({ abs($0 - $1) <= 1e-4 * max(1, abs($1)) }) {
                    seconds.append((shape.name, try product.seconds()))
                } else {
                    wrong.append(shape.name)
                }
            }
            return Result(
                kind: demand.kind, seconds: seconds.sorted { $0.seconds < $1.seconds }, wrong: wrong, skipped: skipped)
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
    private struct TimedProduct {
        private let alone: LoneNodes
        private let bound: any BoundSegment
        private static let input = 0
        private static let result = 2

        init(_ probe: Probe, _ variant: Variant, on device: VulkanDevice) throws(WeftError) {
            alone = try LoneNodes([probe.node], [variant], on: device)
            bound = try alone.bind(imports: [Self.input], outputs: [Self.result])
            guard let memory = alone.memory(of: Self.input), let host = memory.host else { return }
            Probe.noise(memory.byteCount / 4).withUnsafeBytes { source in
                if let base = source.baseAddress { host.copyMemory(from: base, byteCount: source.count) }
            }
        }

        func output() throws(WeftError) -> [Float] {
            try alone.run(bound)
            guard let memory = alone.memory(of: Self.result), let host = memory.host else { return [] }
            return (0..<memory.byteCount / 4).map { host.load(fromByteOffset: 4 * $0, as: Float.self) }
        }

        /// The least of several runs.
        func seconds() throws(WeftError) -> Double {
            var best = Double.infinity
            for _ in 0..<7 {
                let start = ContinuousClock.now
                try alone.run(bound)
                best = min(best, (ContinuousClock.now - start).seconds)
            }
            return best
        }
    }
#endif
