import WeftProvider
import WeftProviderKit

/// The operands of a kernel that moves elements without looking at them.
struct MovedOperands {
    let inputs: [UnsafeRawPointer?]
    let outputs: [UnsafeMutableRawPointer?]
    let workers: any Workers
    /// Bytes of one element.
    let width: Int

    func input(_ index: Int) throws(WeftError) -> UnsafeRawPointer {
        guard index < inputs.count, let pointer = inputs[index] else {
            throw WeftError(.internalInconsistency, "input \(index) has no memory")
        }
        return pointer
    }

    func output(_ index: Int = 0) throws(WeftError) -> UnsafeMutableRawPointer {
        guard index < outputs.count, let pointer = outputs[index] else {
            throw WeftError(.internalInconsistency, "output \(index) has no memory")
        }
        return pointer
    }
}

/// A kernel that moves elements of any type: numbers as bytes, strings by their places in a pool.
///
/// For strings the same loop runs on 64-bit places instead; place 0 is the empty string, as zero bytes are the number
/// zero. So each operator's movement is written once.
struct Movement: Sendable {
    typealias Body = @Sendable (MovedOperands) throws(WeftError) -> Void

    let opType: String
    let domain: String
    /// Inputs whose elements are moved; the others are indices, counts and conditions.
    let moved: @Sendable (Int) -> Bool
    /// Makes the loop for elements of a width.
    let make: @Sendable (NodeView, _ width: Int) throws(WeftError) -> Body

    init(
        _ opType: String, domain: String = "", moved: @escaping @Sendable (Int) -> Bool = { $0 == 0 },
        _ make: @escaping @Sendable (NodeView, Int) throws(WeftError) -> Body
    ) {
        self.opType = opType
        self.domain = domain
        self.moved = moved
        self.make = make
    }

    private func types(_ elements: ElementTypes) -> TypeConstraint {
        var operands: [Int: ElementTypes] = [:]
        // Tables list operands one by one; those beyond are variadic, and then all are moved.
        for index in 0..<8 where !moved(index) { operands[index] = ElementTypes.fixedSize }
        return TypeConstraint(elements, operands: operands)
    }

    /// The row for numbers.
    func numbers(
        inPlace: Int? = nil, if condition: Condition = .always,
        more: @escaping @Sendable (NodeView) -> [Variant] = { _ in [] }
    ) -> SupportRow {
        SupportRow(
            opType, domain: domain, types: types(.fixedSize), if: condition,
            variants: { node, _ in
                let shared: [Variant.InPlace] =
                    if let inPlace, node.input(inPlace)?.type == node.output(0)?.type {
                        [.init(output: 0, input: inPlace)]
                    } else {
                        []
                    }
                return [Variant("plain", work: .elements(of: node), inPlace: shared)] + more(node)
            },
            kernel: HostKernel { node throws(WeftError) in
                let view = node.view
                let first = view.inputs.indices.first { moved($0) && view.inputs[$0] != nil } ?? 0
                let width = view.inputType(first)?.byteWidth ?? 0
                let body = try make(view, width)
                let (inputs, outputs) = (view.inputs.count, view.outputs.count)
                let written = view.outputs.map { $0?.type.byteCount != nil }
                return { invocation throws(WeftError) in
                    var sources: [UnsafeRawPointer?] = []
                    for index in 0..<inputs {
                        sources.append(invocation.optionalInput(index, as: UInt8.self).map { UnsafeRawPointer($0) })
                    }
                    var targets: [UnsafeMutableRawPointer?] = []
                    for index in 0..<outputs {
                        targets.append(
                            written[index] ? UnsafeMutableRawPointer(invocation.output(index, as: UInt8.self)) : nil)
                    }
                    try body(
                        MovedOperands(inputs: sources, outputs: targets, workers: invocation.workers, width: width))
                }
            })
    }

    /// The row for strings.
    var strings: SupportRow {
        SupportRow(
            opType, domain: domain, types: types([.string]), dynamicOperands: true,
            variants: { node, _ in
                [Variant("strings", work: .elements(of: node, flopsPerElement: 20, rate: .reference))]
            },
            kernel: HostKernel { node throws(WeftError) in
                let view = node.view
                let body = try make(view, 8)
                let shapes = view.outputs.map { $0?.type.dimensions }
                return { invocation throws(WeftError) in
                    var pool = [""]
                    var held: [Tensor] = []
                    var sources: [UnsafeRawPointer?] = []
                    for (index, operand) in view.inputs.enumerated() {
                        guard operand != nil else {
                            sources.append(nil)
                            continue
                        }
                        guard moved(index) else {
                            sources.append(UnsafeRawPointer(invocation.input(index, as: UInt8.self)))
                            continue
                        }
                        let elements = try invocation.strings(index).elements
                        let places = Tensor(
                            (0..<elements.count).map { Int64(pool.count + $0) }, shape: [elements.count])
                        pool += elements
                        held.append(places)
                        sources.append(places.storage.host.map { UnsafeRawPointer($0) })
                    }
                    var results: [Tensor?] = []
                    for shape in shapes {
                        results.append(
                            try shape.map { shape throws(WeftError) in
                                try Tensor(uninitialized: .int64, shape: shape, zeroed: true)
                            })
                    }
                    try withExtendedLifetime(held) { () throws(WeftError) in
                        try body(
                            MovedOperands(
                                inputs: sources, outputs: results.map { $0?.storage.host },
                                workers: invocation.workers, width: 8))
                    }
                    for (index, result) in results.enumerated() {
                        guard let result else { continue }
                        let texts = try result.array(as: Int64.self).map { pool[Int($0)] }
                        try invocation.set(output: index, .strings(StringTensor(texts, shape: result.shape)))
                    }
                }
            })
    }
}
