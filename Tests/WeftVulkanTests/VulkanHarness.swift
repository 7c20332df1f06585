#if Vulkan
    import Glibc
    import Testing
    import WeftProvider
    import WeftProviderKit

    @testable import WeftVulkan

    /// A device under test, as it is or treated as one with memory of its own.
    struct TestDevice: Sendable, CustomTestStringConvertible {
        let device: VulkanDevice
        var testDescription: String { "\(device.description.name), \(device.logical.unified ? "unified" : "staging")" }
    }

    /// Every Vulkan device of this machine, opened once, with the validation layer on where it is installed.
    ///
    /// Two drivers seldom share a mistake: `VK_ICD_FILENAMES` may name several, separated by colons.
    enum Vulkan {
        /// Devices, or why there are none.
        static let found: Result<[TestDevice], WeftError> = {
            // Tests leave nothing in the user's cache, and take nothing from it.
            setenv("WEFT_CACHE_DIR", "", 0)
            do throws(WeftError) {
                if try Instance.hasLayer(Instance.validationLayer, Loader()) {
                    setenv("WEFT_VULKAN_VALIDATION", "1", 0)
                }
                var devices: [TestDevice] = []
                for entry in try DeviceList.current() {
                    devices.append(TestDevice(device: try VulkanDevice(entry)))
                    if entry.physical.unifiedMemory {
                        devices.append(TestDevice(device: try VulkanDevice(entry, staging: true)))
                    }
                }
                return .success(devices)
            } catch {
                return .failure(error)
            }
        }()

        static var devices: [TestDevice] { (try? found.get()) ?? [] }
        /// Those that are as they are: what operators are tested on, staging being no matter of theirs.
        static var drivers: [TestDevice] {
            devices.filter { $0.device.logical.unified == $0.device.logical.physical.unifiedMemory }
        }
        static var isHere: Bool { !devices.isEmpty }

        /// Skips a suite on a machine without Vulkan, and says so.
        static let required = ConditionTrait.enabled(if: isHere, "this machine has no Vulkan loader or device")

        /// Fails for everything that the validation layer has said.
        static func expectSilence(_ location: SourceLocation = #_sourceLocation) {
            guard case .success(let instance) = Instance.shared, let log = instance.validation else { return }
            let messages = log.messages
            #expect(messages.isEmpty, "\(messages.first ?? "")", sourceLocation: location)
        }
    }

    /// An operand of a case: run-time bytes, or a constant.
    struct TestTensor {
        let type: ElementType
        let shape: [Int]
        let bytes: [UInt8]
        var isConstant = false
        /// The operand is one that hosts read: sizes, axes.
        var wantsHost = false

        init<T: TensorElement>(_ elements: [T], _ shape: [Int]) {
            type = T.elementType
            self.shape = shape
            bytes = elements.withUnsafeBytes { Array($0) }
        }

        var constant: TestTensor {
            var copy = self
            copy.isConstant = true
            return copy
        }

        static func sizes(_ values: [Int]) -> TestTensor {
            var tensor = TestTensor(values.map { Int64($0) }, [values.count])
            tensor.isConstant = true
            tensor.wantsHost = true
            return tensor
        }

        var floats: [Float] { bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } }

        /// Numbers between -1 and 1 that look random and are the same every time.
        static func noise(_ shape: [Int], seed: UInt64 = 1, in range: ClosedRange<Float> = -1...1) -> TestTensor {
            var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
            let values = (0..<shape.reduce(1, *)).map { _ -> Float in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return range.lowerBound + (range.upperBound - range.lowerBound) * Float(state >> 40) / Float(1 << 24)
            }
            return TestTensor(values, shape)
        }
    }

    /// Nodes with values numbered by name, compiled and bound as the engine would.
    struct TestGraph {
        private(set) var nodes: [NodeView] = []
        private var operands: [String: Operand] = [:]
        private var fed: [(value: Int, tensor: TestTensor)] = []
        private var next = 0
        private static let constantIds = Counter()

        mutating func feed(_ name: String, _ tensor: TestTensor) {
            let value = next
            next += 1
            var constant: Constant?
            if tensor.isConstant {
                let view = TestGraph.view(tensor.bytes)
                constant = Constant(
                    id: Self.constantIds.next(), elementType: tensor.type, shape: tensor.shape,
                    payload: .bytes(BufferConstant(view)))
            } else {
                fed.append((value, tensor))
            }
            operands[name] = Operand(
                value: value, type: .tensor(tensor.type, .fixed(tensor.shape)), constant: constant,
                wantsHost: tensor.wantsHost)
        }

        private static func view(_ bytes: [UInt8]) -> BufferView { Tensor(bytes, shape: [bytes.count]).storage }

        mutating func add(
            _ opType: String, _ inputs: [String?], _ outputs: [(name: String, shape: [Int])],
            _ attributes: [String: Attribute] = [:], type: ElementType? = nil
        ) {
            let made = outputs.map { output -> Operand in
                let inherited = inputs.first.flatMap { $0 }.flatMap { operands[$0]?.type.elementType }
                let operand = Operand(
                    value: next, type: .tensor(type ?? inherited ?? .float32, .fixed(output.shape)))
                next += 1
                operands[output.name] = operand
                return operand
            }
            nodes.append(
                NodeView(
                    id: nodes.count, name: outputs.first?.name ?? "", opType: opType,
                    inputs: inputs.map { $0.flatMap { operands[$0] } }, outputs: made, attributes: attributes))
        }

        func value(_ name: String) -> Int { operands[name]?.value ?? -1 }

        func view(outputs: [String]) -> GraphView {
            GraphView(nodes: nodes, inputs: fed.map(\.value), outputs: outputs.map(value))
        }

        /// The graph with every fusion that the provider names carried out.
        func fused(outputs: [String], on device: DeviceDescription) -> TestGraph {
            var copy = self
            let fusions = VulkanProvider().fusions(in: view(outputs: outputs), on: device)
            let replaced = Dictionary(
                uniqueKeysWithValues: fusions.map { ($0.members[$0.members.count - 1], $0.fused) })
            let gone = Set(fusions.flatMap { $0.members.dropLast() })
            copy.nodes = nodes.indices.filter { !gone.contains($0) }.map { replaced[$0] ?? nodes[$0] }
            return copy
        }

        /// A graph that is ready to be run again and again.
        func bind(
            outputs: [String], on device: VulkanDevice, constants: PlainConstantStore = PlainConstantStore(),
            variant: String = ""
        ) throws -> TestRun {
            try TestRun(
                self, view(outputs: outputs), fed, outputs.compactMap { operands[$0] }, device, constants, variant)
        }

        /// Runs once; the outputs' bytes as floats.
        func run(outputs: [String], on device: VulkanDevice) throws -> [[Float]] {
            try bind(outputs: outputs, on: device).run().map { bytes in
                bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
            }
        }
    }

    final class Counter: @unchecked Sendable {
        private let lock = Lock()
        private var last: UInt64 = 0
        func next() -> UInt64 {
            lock.withLock {
                last += 1
                return last
            }
        }
    }

    /// A segment bound to an arena of its own, with guard words after every value.
    final class TestRun {
        let bound: any BoundSegment
        private let device: VulkanDevice
        private let arena: any Buffer
        private var staging: [(value: Int, view: BufferView)] = []
        private var guards: [Range<Int>] = []
        private let results: [Int]
        private static let guardByte: UInt8 = 0xa5

        init(
            _ graph: TestGraph, _ view: GraphView, _ fed: [(value: Int, tensor: TestTensor)], _ outputs: [Operand],
            _ device: VulkanDevice, _ constants: PlainConstantStore, _ variant: String
        ) throws {
            self.device = device
            results = outputs.map(\.value)
            let provider = VulkanProvider()
            let variants = try view.nodes.map { node in
                switch provider.support(node, on: device.description) {
                case .declined(let reason): throw WeftError(.unsupportedOperator, "\(reason)", node: node.label)
                case .variants(let offered): try #require(offered.first { $0.name == variant } ?? offered.first)
                }
            }
            var sizes: [(value: Int, byteCount: Int)] = []
            var seen: Set<Int> = []
            for operand in view.nodes.flatMap({ $0.inputs + $0.outputs }) {
                guard let operand, operand.constant == nil, seen.insert(operand.value).inserted else { continue }
                sizes.append((operand.value, operand.type.byteCount ?? 0))
            }
            let alignment = device.description.alignment
            var offset = 0
            var ranges: [Int: Range<Int>] = [:]
            for (value, byteCount) in sizes {
                ranges[value] = offset..<offset + byteCount
                let end = (offset + byteCount + alignment) / alignment * alignment
                guards.append(offset + (byteCount + 3) / 4 * 4..<end)
                offset = end
            }
            arena = try device.allocate(offset, .deviceLocal)
            if let host = arena.host {
                host.initializeMemory(as: UInt8.self, repeating: Self.guardByte, count: offset)
            }
            var places: [Int: Place] = [:]
            for (value, range) in ranges {
                let place = BufferView(arena, offset: range.lowerBound, byteCount: range.count)
                var staged: BufferView?
                if fed.contains(where: { $0.value == value }) || results.contains(value) {
                    if arena.host != nil {
                        staged = place
                    } else {
                        staged = BufferView(try device.allocate(range.count, .hostVisible), byteCount: range.count)
                    }
                    if let staged { staging.append((value, staged)) }
                }
                places[value] = .planned(place, staging: arena.host == nil ? staged : nil)
            }
            let segment = Segment(
                graph: view, variants: variants,
                imports: fed.map(\.value).filter(seen.contains),
                exports: results)
            bound = try device.compile(segment, constants: constants).bind(places, scratch: nil)
            for (value, tensor) in fed { try write(value, tensor.bytes) }
        }

        func write(_ value: Int, _ bytes: [UInt8]) throws {
            guard let host = staging.first(where: { $0.value == value })?.view.host else { return }
            bytes.withUnsafeBytes { source in
                if let base = source.baseAddress { host.copyMemory(from: base, byteCount: source.count) }
            }
        }

        func submit(reportingTo spans: (any SegmentSpanSink)? = nil) throws -> TimelinePoint {
            try bound.submit(RunContext(values: SlotValues(), workers: SerialWorkers(), spans: spans))
        }

        func run(reportingTo spans: (any SegmentSpanSink)? = nil) throws -> [[UInt8]] {
            try device.wait(try submit(reportingTo: spans))
            return try read()
        }

        func read() throws -> [[UInt8]] {
            if let host = arena.host {
                let bytes = UnsafeRawBufferPointer(start: host, count: arena.byteCount)
                for range in guards {
                    #expect(bytes[range].allSatisfy { $0 == Self.guardByte }, "a kernel wrote past a value's end")
                }
            }
            return results.map { value in
                staging.first { $0.value == value }.map { Array($0.view.bytes) } ?? []
            }
        }
    }

    /// One node as a case of a test: operands, attributes, the output's shape.
    func runNode(
        _ opType: String, _ inputs: [TestTensor?], _ shape: [Int], _ attributes: [String: Attribute] = [:],
        type: ElementType? = nil, on device: TestDevice
    ) throws -> [Float] {
        var graph = TestGraph()
        for (index, tensor) in inputs.enumerated() {
            if let tensor { graph.feed("\(index)", tensor) }
        }
        graph.add(
            opType, inputs.indices.map { inputs[$0] == nil ? nil : "\($0)" }, [("y", shape)], attributes, type: type)
        let result = try graph.run(outputs: ["y"], on: device.device)[0]
        Vulkan.expectSilence()
        return result
    }

    /// Fails where a number differs by more than `tolerance`, absolute below 1 and relative above.
    func expectClose(
        _ actual: [Float], _ expected: [Double], _ tolerance: Double = 1e-5, _ label: String = "",
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(actual.count == expected.count, "\(label)", sourceLocation: location)
        for (index, pair) in zip(actual, expected).enumerated() {
            let (a, e) = (Double(pair.0), pair.1)
            if a == e || (a.isNaN && e.isNaN) { continue }
            if abs(a - e) <= tolerance * max(1, abs(e)) { continue }
            Issue.record("\(label) element \(index): \(a), expected \(e)", sourceLocation: location)
            return
        }
    }
#endif
