import WeftProvider
import WeftProviderKit

/// The loop from one element type to another.
private struct CastLoop<Source: KernelNumber>: NumberVisitor {
    struct Function<Target: KernelNumber>: ElementFunction {
        func callAsFunction(_ x: Source) -> Target { x.work.cast() }
    }

    let count: Int
    func visit<Target: KernelNumber>(_: Target.Type) throws(WeftError) -> HostKernel.Body {
        ElementLoops.map(count, Function<Target>())
    }
}

private struct CastFrom: NumberVisitor {
    let count: Int
    let target: ElementType?

    func visit<Source: KernelNumber>(_ type: Source.Type) throws(WeftError) -> HostKernel.Body {
        try CastLoop<Source>(count: count).dispatch(target)
    }
}

/// Reads elements as doubles.
struct CastReader: NumberVisitor {
    typealias Read = @Sendable (UnsafeRawPointer, Int) -> Double

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> Read {
        { bytes, index in
            bytes.loadUnaligned(fromByteOffset: index &* MemoryLayout<T>.stride, as: T.self).work.double
        }
    }
}

/// Writes doubles as elements.
struct CastWriter: NumberVisitor {
    typealias Write = @Sendable (UnsafeMutableRawPointer, Int, Double) -> Void

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> Write {
        { bytes, index, value in
            bytes.storeBytes(of: T(casting: value), toByteOffset: index &* MemoryLayout<T>.stride, as: T.self)
        }
    }
}

extension CPUKernels {
    static let cast = numberCast("Cast")
    static let castLike = numberCast("CastLike")

    private static let numbers: ElementTypes = ElementTypes.numeric.union([.bool])
    private static let small: ElementTypes = Set(ElementType.allCases.filter { SmallFormat($0) != nil })

    private static func numberCast(_ opType: String) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(numbers.union(small), operands: [1: Set(ElementType.allCases)]),
            if: Condition("to numbers") { node, _ in
                node.outputType(0) == .string ? .type(.string, operand: 0) : nil
            },
            variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
            kernel: HostKernel { node throws(WeftError) in
                let source = node.view.inputType(0)
                let target = node.view.outputType(0)
                if source == target { return try copy.make(node) }
                let count = node.view.outputShape(0).elementCount
                if SmallFormat(source) == nil, SmallFormat(target) == nil {
                    return try CastFrom(count: count, target: target).dispatch(source)
                }
                return try smallCast(node.view, source, target, count)
            })
    }

    /// A cast from or to a type of eight bits and fewer, element by element.
    private static func smallCast(
        _ node: NodeView, _ source: ElementType?, _ target: ElementType?, _ count: Int
    ) throws(WeftError) -> HostKernel.Body {
        let read: CastReader.Read
        let write: CastWriter.Write
        if let format = SmallFormat(source) {
            read = { format.decode(format.code($0, $1)) }
        } else {
            read = try CastReader().dispatch(source)
        }
        if let format = SmallFormat(target) {
            let saturate = node.attributes["saturate"] == nil ? true : try node.flag("saturate")
            let rounding: SmallFormat.PowerRounding =
                switch node.attributes["round_mode"] {
                case .string("down"): .down
                case .string("nearest"): .nearest
                default: .up
                }
            write = { format.set($0, $1, format.encode($2, saturate: saturate, rounding: rounding)) }
        } else {
            write = try CastWriter().dispatch(target)
        }
        let bytes = node.output(0)?.type.byteCount ?? 0
        return { invocation throws(WeftError) in
            let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
            let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
            y.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
            for index in 0..<count { write(y, index, read(x, index)) }
        }
    }

    static let castOfStrings = stringCast("Cast")
    static let castLikeOfStrings = stringCast("CastLike")

    /// Casts from strings to numbers, from numbers to strings, and of strings to themselves.
    private static func stringCast(_ opType: String) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(numbers.union([.string]), operands: [1: Set(ElementType.allCases)]),
            dynamicOperands: true,
            variants: { node, _ in
                [Variant("strings", work: .elements(of: node, flopsPerElement: 50, rate: .reference))]
            },
            kernel: HostKernel { node throws(WeftError) in
                let source = node.view.inputType(0)
                let target = node.view.outputType(0)
                let shape = node.view.inputShape(0)
                let count = shape.elementCount
                if source == .string, target == .string {
                    return { invocation throws(WeftError) in
                        try invocation.set(output: 0, try invocation.value(input: 0))
                    }
                }
                if source == .string {
                    let integers = target?.isInteger == true
                    let write = try CastWriter().dispatch(target)
                    let writeInteger = try IntegerWriter().dispatch(target)
                    return { invocation throws(WeftError) in
                        let strings = try invocation.strings(0).elements
                        let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                        for (index, text) in strings.enumerated() {
                            if integers, let value = Int64(text) {
                                writeInteger(y, index, value)
                            } else {
                                write(y, index, try number(text))
                            }
                        }
                    }
                }
                let text = try CastText().dispatch(source)
                return { invocation throws(WeftError) in
                    let x = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
                    let strings = (0..<count).map { text(x, $0) }
                    try invocation.set(output: 0, .strings(StringTensor(strings, shape: shape)))
                }
            })
    }

    private static func number(_ text: String) throws(WeftError) -> Double {
        let trimmed = text.drop { $0 == " " }
        if let value = Double(trimmed) ?? Double(trimmed.lowercased()) { return value }
        throw WeftError(.invalidData, "\"\(text)\" is no number")
    }
}

/// Writes integers as elements.
private struct IntegerWriter: NumberVisitor {
    typealias Write = @Sendable (UnsafeMutableRawPointer, Int, Int64) -> Void

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> Write {
        { bytes, index, value in
            bytes.storeBytes(of: T(casting: value), toByteOffset: index &* MemoryLayout<T>.stride, as: T.self)
        }
    }
}

/// Writes elements as text, floats with the fewest digits that tell them apart.
private struct CastText: NumberVisitor {
    typealias Text = @Sendable (UnsafeRawPointer, Int) -> String

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> Text {
        { bytes, index in
            let element = bytes.load(fromByteOffset: index &* MemoryLayout<T>.stride, as: T.self)
            switch element {
            case let value as BFloat16: return "\(value.float)"
            case let value as Truth: return value.byte == 0 ? "False" : "True"
            default: return "\(element)"
            }
        }
    }
}
