import WeftGraph
import WeftProvider
import WeftProviderKit

/// A constant's bytes in another layout; a device converts them when they are first read.
final class ConvertedConstant: ConstantSource, @unchecked Sendable {
    private let source: Constant
    private let conversion: PlacedNode
    private let device: any Device
    private let lock = Lock()
    private var converted: BufferView?

    /// The value numbers of the conversion's input and output.
    static let input = 0
    static let output = 1

    private init(_ source: Constant, _ conversion: PlacedNode, on device: any Device) {
        self.source = source
        self.conversion = conversion
        self.device = device
    }

    /// The constant in the output layout of `conversion`, whose operands are `input` and `output`.
    static func constant(_ source: Constant, _ conversion: PlacedNode, on device: any Device) -> Constant {
        Constant(
            id: ConstantFactory.newIdentity(), elementType: source.elementType, shape: source.shape,
            payload: .bytes(ConvertedConstant(source, conversion, on: device)),
            layout: conversion.variant.outputLayout(0))
    }

    func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws(WeftError) -> R) throws(WeftError) -> R {
        try body(try view().bytes)
    }

    /// Nil also if the conversion fails; `withBytes` then throws its error.
    func alignedView(_ alignment: Int) -> BufferView? {
        guard let view = try? view(), let host = view.host, Int(bitPattern: host) % alignment == 0 else { return nil }
        return view
    }

    private func view() throws(WeftError) -> BufferView {
        try lock.withLock { () throws(WeftError) in
            if let converted { return converted }
            let alone = try LoneNodes(
                [conversion.view], [conversion.variant], on: device, given: [Self.input: try source.value()])
            try alone.run(try alone.bind(imports: [Self.input], outputs: [Self.output]))
            guard let view = alone.memory(of: Self.output) else {
                throw WeftError(
                    .internalInconsistency, "a converted constant has no memory", node: conversion.view.label)
            }
            converted = view
            return view
        }
    }
}
