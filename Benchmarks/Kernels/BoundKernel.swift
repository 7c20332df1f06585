import WeftProvider
import WeftProviderKit
import WeftProviderTesting

/// A node compiled with one variant and bound to memory, ready to be run again and again.
final class BoundKernel {
    let provider: String
    let variant: String
    /// Bytes that it has to read and write at least.
    let bytes: Double
    private let bound: any BoundSegment
    private let slots = SlotValues()
    private let workers = SerialWorkers()
    private let result: BufferView
    private let shape: [Int]
    private let layout: Layout

    /// Inputs and outputs lie in the layouts that the variant wants; constants are packed here.
    init(
        _ view: NodeView, _ variant: Variant, _ provider: any Provider, _ description: DeviceDescription,
        _ inputs: [Tensor]
    ) throws {
        self.provider = provider.name
        self.variant = variant.name
        var node = view
        var places: [Int: Place] = [:]
        var bytes = 0
        for (index, operand) in view.inputs.enumerated() {
            guard var operand else { continue }
            operand.layout = variant.inputLayout(index)
            node.inputs[index] = operand
            bytes += operand.type.byteCount ?? 0
            guard operand.constant == nil else { continue }
            let memory = try Self.memory(operand)
            try Self.fill(memory, inputs[index], operand)
            places[operand.value] = .planned(memory, staging: nil)
        }
        guard var output = view.output(0) else { throw BenchmarkError("\(view.label) has no output") }
        output.layout = variant.outputLayout(0)
        node.outputs[0] = output
        result = try Self.memory(output)
        places[output.value] = .planned(result, staging: nil)
        shape = output.shape
        layout = output.layout
        self.bytes = Double(bytes + (output.type.byteCount ?? 0))

        let graph = GraphView(nodes: [node], inputs: places.keys.sorted(), outputs: [output.value])
        let compiled = try provider.open(description).compile(
            Segment(graph: graph, variants: [variant]), constants: PlainConstantStore())
        let scratch = variant.scratch + variant.scratchPerWorker * workers.count
        bound = try compiled.bind(places, scratch: scratch > 0 ? try BufferView.allocate(byteCount: scratch) : nil)
    }

    func run() throws { _ = try bound.submit(RunContext(values: slots, workers: workers)) }

    /// What the last run left, dense and row-major.
    func output() -> [Float] {
        guard let host = result.host else { return [] }
        let stored = host.assumingMemoryBound(to: Float.self)
        return (0..<shape.elementCount).map { stored[Self.place($0, shape, layout)] }
    }

    private static func memory(_ operand: Operand) throws -> BufferView {
        guard let type = operand.type.elementType, let bytes = operand.layout.byteCount(type, operand.shape) else {
            throw BenchmarkError("an operand of type \(operand.type) has no size")
        }
        return try .allocate(byteCount: bytes, zeroed: true)
    }

    private static func fill(_ memory: BufferView, _ tensor: Tensor, _ operand: Operand) throws {
        guard let host = memory.host else { return }
        let stored = host.assumingMemoryBound(to: Float.self)
        for (index, element) in try tensor.array(as: Float.self).enumerated() {
            stored[place(index, operand.shape, operand.layout)] = element
        }
    }

    /// Where the element that is `index`-th in row-major order lies.
    private static func place(_ index: Int, _ shape: [Int], _ layout: Layout) -> Int {
        guard layout == .nhwc else { return index }
        let plane = shape[2] * shape[3]
        let (pixel, channel, image) = (index % plane, index / plane % shape[1], index / plane / shape[1])
        return (image * plane + pixel) * Layout.pixelStride(channels: shape[1]) + channel
    }
}
