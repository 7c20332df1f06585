import WeftProvider
import WeftProviderKit

/// The `k` best elements of each line along an axis, kept in a heap whose root is the worst of them.
private struct TopLoop: NumberVisitor {
    let split: AxisSplit
    let k: Int
    let largest: Bool
    let values: Bool
    let indices: Bool

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let (split, k, largest, wantsValues, wantsIndices) = (split, k, largest, values, indices)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: T.self)
            let values = wantsValues ? invocation.output(0, as: T.self) : nil
            let indices = wantsIndices ? invocation.output(1, as: Int64.self) : nil
            guard k > 0 else { return }
            let lines = split.outer * split.inner
            try invocation.workers.forEachRange(of: lines, grain: Swift.max(1, 16384 / Swift.max(split.length, 1))) {
                range, _ in
                var heap: [Int32] = []
                heap.reserveCapacity(k)
                for line in range {
                    let (outer, inner) = line.quotientAndRemainder(dividingBy: split.inner)
                    let source = x + (outer * split.length * split.inner + inner)
                    // Whether element a comes before element b in the result.
                    func before(_ a: Int32, _ b: Int32) -> Bool {
                        let (p, q) = (source[Int(a) &* split.inner].work, source[Int(b) &* split.inner].work)
                        // NaN counts as the greatest.
                        let greater = p > q || (p != p && q == q)
                        let smaller = p < q || (q != q && p == p)
                        if greater || smaller { return largest ? greater : smaller }
                        return a < b
                    }
                    heap.removeAll(keepingCapacity: true)
                    for index in 0..<Int32(truncatingIfNeeded: split.length) {
                        if heap.count < k {
                            heap.append(index)
                            var child = heap.count - 1
                            while child > 0, before(heap[(child - 1) / 2], heap[child]) {
                                heap.swapAt(child, (child - 1) / 2)
                                child = (child - 1) / 2
                            }
                        } else if before(index, heap[0]) {
                            heap[0] = index
                            var parent = 0
                            while true {
                                var worst = parent
                                for child in [2 * parent + 1, 2 * parent + 2] where child < k {
                                    if before(heap[worst], heap[child]) { worst = child }
                                }
                                if worst == parent { break }
                                heap.swapAt(parent, worst)
                                parent = worst
                            }
                        }
                    }
                    heap.sort(by: before)
                    for (position, index) in heap.enumerated() {
                        let place = (outer * k + position) * split.inner + inner
                        values?[place] = source[Int(index) * split.inner]
                        indices?[place] = Int64(index)
                    }
                }
            }
        }
    }
}

/// The first or last greatest or smallest element of each line along an axis.
private struct ExtremumLoop: NumberVisitor {
    let split: AxisSplit
    let greatest: Bool
    let last: Bool

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let (split, greatest, last) = (split, greatest, last)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: T.self)
            let y = invocation.output(0, as: Int64.self)
            let lines = split.outer * split.inner
            try invocation.workers.forEachRange(of: lines, grain: Swift.max(1, 32768 / Swift.max(split.length, 1))) {
                range, _ in
                for line in range {
                    let (outer, inner) = line.quotientAndRemainder(dividingBy: split.inner)
                    let source = x + (outer * split.length * split.inner + inner)
                    var best = source[0].work
                    var found = 0
                    for index in 1..<Swift.max(1, split.length) {
                        let value = source[index &* split.inner].work
                        let better = greatest ? value > best : value < best
                        // The first NaN beats all numbers.
                        if better && best == best || (value != value && best == best) || (last && value == best) {
                            best = value
                            found = index
                        }
                    }
                    y[line] = Int64(found)
                }
            }
        }
    }
}

private struct CumulativeLoop<Operation: BinaryFormula>: NumberVisitor {
    let split: AxisSplit
    let exclusive: Bool
    let reverse: Bool
    let neutral: Int

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let (split, exclusive, reverse) = (split, exclusive, reverse)
        let neutral = T.Work(whole: neutral)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: T.self)
            let y = invocation.output(0, as: T.self)
            let lines = split.outer * split.inner
            try invocation.workers.forEachRange(of: lines, grain: Swift.max(1, 32768 / Swift.max(split.length, 1))) {
                range, _ in
                for line in range {
                    let (outer, inner) = line.quotientAndRemainder(dividingBy: split.inner)
                    let start = outer * split.length * split.inner + inner
                    var total = neutral
                    for step in 0..<split.length {
                        let place = start + (reverse ? split.length - 1 - step : step) * split.inner
                        let next = Operation.apply(total, x[place].work)
                        y[place] = T(work: exclusive ? total : next)
                        total = next
                    }
                }
            }
        }
    }
}

extension CPUKernels {
    /// The greatest or smallest elements along an axis, always in order, of equal ones the first.
    static let topK = SupportRow(
        "TopK", types: TypeConstraint(.numeric),
        if: Condition("an axis below 2^31") { node, _ in
            let longest = node.inputShape(0).max() ?? 0
            return longest > Int(Int32.max) ? .limit("axis", needs: longest, has: Int(Int32.max)) : nil
        },
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 10, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let view = node.view
            let axis = try view.axis("axis")
            let k = try view.constantInts(1)?.first ?? 0
            return try TopLoop(
                split: AxisSplit(view.inputShape(0), axis: axis), k: k, largest: try view.flag("largest"),
                values: view.has(output: 0), indices: view.has(output: 1)
            ).dispatch(view.inputType(0))
        })

    private static func extremum(_ opType: String, greatest: Bool) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(.numeric),
            variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
            kernel: HostKernel { node throws(WeftError) in
                try ExtremumLoop(
                    split: AxisSplit(node.view.inputShape(0), axis: try node.view.axis("axis")), greatest: greatest,
                    last: try node.view.flag("select_last_index")
                ).dispatch(node.view.inputType(0))
            })
    }

    static let argMax = extremum("ArgMax", greatest: true)
    static let argMin = extremum("ArgMin", greatest: false)

    private static func cumulative<Operation: BinaryFormula>(
        _ opType: String, _: Operation.Type, neutral: Int
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(.numeric),
            variants: { node, _ in [Variant("plain", work: .elements(of: node, rate: .reference))] },
            kernel: HostKernel { node throws(WeftError) in
                try CumulativeLoop<Operation>(
                    split: AxisSplit(node.view.inputShape(0), axis: try node.view.axis("axis")),
                    exclusive: try node.view.flag("exclusive"), reverse: try node.view.flag("reverse"),
                    neutral: neutral
                ).dispatch(node.view.inputType(0))
            })
    }

    static let cumSum = cumulative("CumSum", Binary.Sum.self, neutral: 0)
    static let cumProd = cumulative("CumProd", Binary.Product.self, neutral: 1)
}
