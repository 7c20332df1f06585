public import WeftProvider
import WeftProviderKit

/// Runs nodes in host memory on tensors in blocks of eight channels, and `Repeat` of the domain `com.example`.
public struct BlockedProvider: Provider {
    public let name: String
    public let rows: [SupportRow] = Self.table
    public let operators = [Repeat.definition]
    public let environment = [Self.threshold]

    /// Read where work is priced.
    static let threshold = EnvironmentVariable(
        "BLOCKED_PRICE", values: "a number above zero", standard: "1",
        summary: "What this provider's prices are multiplied with.")

    public init(_ name: String = "blocked") { self.name = name }

    public func devices() -> (found: [DeviceDescription], unavailable: String?) {
        ([DeviceDescription(id: name, name: "host processor, by blocks", provider: name, kind: .host)], nil)
    }

    public func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
        HostDevice(device, provider: self)
    }

    /// What multiplies the work of every variant.
    private static let price = threshold.value.flatMap { Double($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 1

    private static func work(_ node: NodeView, flopsPerElement: Double = 1) -> Work {
        var work = Work.elements(of: node, flopsPerElement: flopsPerElement)
        work.flops *= price
        work.bytes *= price
        return work
    }

    private static let table: [SupportRow] = [
        SupportRow(
            "Add", types: TypeConstraint([.float32]), if: .rank(4...4) && alike,
            variants: { node, _ in
                [Variant("blocks", work: work(node), inputLayouts: [.blocks, .blocks], outputLayouts: [.blocks])]
            },
            kernel: elementwise(inputs: 2) { $0[0] + $0[1] }),
        SupportRow(
            "Conv", types: TypeConstraint([.float32]),
            if: .rank(4...4) && .constant(input: 1) && .constant(input: 2) && BlockedConv.pointwise,
            variants: { node, _ in
                let flops = 2 * Double(node.inputShape(0)[1])
                return [
                    Variant(
                        "blocks", work: work(node, flopsPerElement: flops), inputLayouts: [.blocks],
                        outputLayouts: [.blocks])
                ]
            },
            kernel: BlockedConv.kernel),
        conversion(LayoutConversion.opType(from: .blocks, to: .plain), BlockLayout.unpack),
        SupportRow(
            "Relu", types: TypeConstraint([.float32]), if: .rank(4...4),
            variants: { node, _ in
                [Variant("blocks", work: work(node), inputLayouts: [.blocks], outputLayouts: [.blocks])]
            },
            kernel: elementwise(inputs: 1) { max($0[0], 0) }),
        SupportRow(
            Repeat.definition.opType, domain: Repeat.definition.domain,
            types: TypeConstraint([.float32], operands: [1: [.int64]]),
            variants: { node, _ in [Variant("plain", work: work(node))] }, kernel: Repeat.kernel),
        conversion(LayoutConversion.opType(from: .plain, to: .blocks), BlockLayout.pack),
    ]

    private static let alike = Condition("inputs of one shape") { node, _ in
        node.inputShape(0) == node.inputShape(1) ? nil : .other("adds tensors of one shape alone")
    }

    private static func conversion(_ opType: String, _ kernel: HostKernel) -> SupportRow {
        SupportRow(
            opType, domain: LayoutConversion.domain, types: TypeConstraint([.float32]), if: .rank(4...4),
            variants: { node, _ in [Variant("blocks", work: work(node))] }, kernel: kernel)
    }

    /// A kernel over all stored elements: zeros that fill a block stay what the operation makes of zeros.
    private static func elementwise(
        inputs: Int, _ operation: @escaping @Sendable ([Float]) -> Float
    ) -> HostKernel {
        HostKernel { node throws(WeftError) in
            let count = BlockLayout.storedShape(node.view.outputShape(0)).elementCount
            return { invocation throws(WeftError) in
                let operands = (0..<inputs).map { invocation.input($0, as: Float.self) }
                let result = invocation.output(0, as: Float.self)
                try invocation.workers.forEachRange(of: count, grain: 4096) { range, _ in
                    for index in range { result[index] = operation(operands.map { $0[index] }) }
                }
            }
        }
    }
}
