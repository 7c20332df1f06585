import WeftProvider
import WeftProviderKit

private struct FillLoop: WordVisitor {
    let value: Constant?
    let count: Int

    func visit<Word: BitwiseCopyable & Sendable>(_ type: Word.Type) throws(WeftError) -> HostKernel.Body {
        let zero = [UInt64](repeating: 0, count: 2)
        var word = zero.withUnsafeBytes { $0.loadUnaligned(as: Word.self) }
        if let value {
            word = try value.withBytes { bytes throws(WeftError) in
                guard bytes.count >= MemoryLayout<Word>.size else {
                    throw WeftError(.invalidModel, "attribute 'value' is empty")
                }
                return bytes.loadUnaligned(as: Word.self)
            }
        }
        let (fill, count) = (word, count)
        return { invocation throws(WeftError) in
            let y = invocation.output(0, as: Word.self)
            try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
                (y + range.lowerBound).update(repeating: fill, count: range.count)
            }
        }
    }
}

private struct RangeLoop: NumberVisitor {
    let count: Int

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let count = count
        return { invocation throws(WeftError) in
            let start = invocation.input(0, as: T.self).pointee.work
            let step = invocation.input(2, as: T.self).pointee.work
            let y = invocation.output(0, as: T.self)
            for index in 0..<count {
                let distance = T.Work.product(T.Work(whole: index), step)
                y[index] = T(work: T.Work.sum(start, distance))
            }
        }
    }
}

private struct DiagonalLoop: NumberVisitor {
    let shape: [Int]
    let diagonal: Int

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let (shape, diagonal) = (shape, diagonal)
        return { invocation throws(WeftError) in
            let y = invocation.output(0, as: T.self)
            y.update(repeating: T(casting: Int64(0)), count: shape.elementCount)
            for row in 0..<shape[0] {
                let (column, overflow) = row.addingReportingOverflow(diagonal)
                guard !overflow, column >= 0, column < shape[1] else { continue }
                y[row * shape[1] + column] = T(casting: Int64(1))
            }
        }
    }
}

extension CPUKernels {
    private static let anything = TypeConstraint(Set(ElementType.allCases))

    /// One value everywhere.
    static let constantOfShape = SupportRow(
        "ConstantOfShape", types: TypeConstraint([.int64]),
        variants: { node, _ in [Variant("plain", work: .elements(of: node))] },
        kernel: HostKernel { node throws(WeftError) in
            var value: Constant?
            if case .tensor(let constant) = node.view.attributes["value"] { value = constant }
            return try FillLoop(value: value, count: node.view.outputShape(0).elementCount)
                .dispatch(width: node.view.outputType(0)?.byteWidth ?? 0)
        })

    /// The number of the input's elements, which are not read.
    static let size = SupportRow(
        "Size", types: anything, variants: { _, _ in [Variant("plain", work: Work(.reference, flops: 0, bytes: 8))] },
        kernel: HostKernel { node throws(WeftError) in
            let count = Int64(node.view.inputShape(0).elementCount)
            return { invocation throws(WeftError) in invocation.output(0, as: Int64.self).pointee = count }
        })

    /// Numbers from a start by a step.
    static let range = SupportRow(
        "Range", types: TypeConstraint(.numeric),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            try RangeLoop(count: node.view.outputShape(0).elementCount).dispatch(node.view.inputType(0))
        })

    /// Ones on a diagonal; the input's elements are not read.
    static let eyeLike = SupportRow(
        "EyeLike", types: TypeConstraint(.fixedSize),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            try DiagonalLoop(shape: node.view.outputShape(0), diagonal: try node.view.int("k"))
                .dispatch(node.view.outputType(0))
        })

    private static let oneHots = Movement("OneHot", moved: { $0 == 2 }) { node, width throws(WeftError) in
        let split = AxisSplit(node.outputShape(0), axis: try node.axis("axis", rank: node.outputShape(0).count))
        let read = try CastReader().dispatch(node.inputType(0))
        return { operands throws(WeftError) in
            let indices = try operands.input(0)
            let values = try operands.input(2)
            let y = try operands.output()
            for outer in 0..<split.outer {
                for inner in 0..<split.inner {
                    let index = read(indices, outer * split.inner + inner)
                    let counted = index < 0 ? index + Double(split.length) : index
                    for level in 0..<split.length {
                        let place = (outer * split.length + level) * split.inner + inner
                        let on = Double(level) == counted.rounded(.towardZero) && counted >= 0
                        (y + place * width).copyMemory(from: values + (on ? width : 0), byteCount: width)
                    }
                }
            }
        }
    }

    /// For each index a vector of one value there and another elsewhere.
    static let oneHot = oneHots.numbers()
    static let oneHotOfStrings = oneHots.strings
}
