import WeftProvider
import WeftProviderKit

/// Equal slices of a tensor, gathered into groups.
private struct Groups {
    /// The first slice of each group.
    var first: [Int] = []
    /// The group of each slice.
    var group: [Int]
    var counts: [Int] = []

    /// Groups `count` slices, in ascending order where `sorted`, else in the order of their first ones.
    init(_ count: Int, sorted: Bool, _ less: (Int, Int) -> Bool) {
        let order = (0..<count).sorted { less($0, $1) || (!less($1, $0) && $0 < $1) }
        group = [Int](repeating: 0, count: count)
        for (position, slice) in order.enumerated() {
            if position == 0 || less(order[position - 1], slice) {
                first.append(slice)
                counts.append(0)
            }
            group[slice] = first.count - 1
            counts[first.count - 1] += 1
        }
        guard !sorted else { return }
        let byAppearance = first.indices.sorted { first[$0] < first[$1] }
        var rank = [Int](repeating: 0, count: first.count)
        for (position, index) in byAppearance.enumerated() { rank[index] = position }
        (first, counts) = (byAppearance.map { first[$0] }, byAppearance.map { counts[$0] })
        group = group.map { rank[$0] }
    }

    /// Writes what the node wants to know beside the distinct slices.
    func write(_ node: NodeView, _ invocation: borrowing HostInvocation) throws(WeftError) {
        for (index, values) in [(1, first), (2, group), (3, counts)] where node.has(output: index) {
            let y = try invocation.allocate(output: index, shape: [values.count], as: Int64.self)
            for (position, value) in values.enumerated() { y[position] = Int64(value) }
        }
    }
}

/// What Unique's slices are: an axis, or all elements one by one.
private struct Slices: Sendable {
    let split: AxisSplit
    let shape: [Int]
    let axis: Int
    let sorted: Bool

    init(_ node: NodeView) throws(WeftError) {
        if node.attributes["axis"] == nil {
            shape = [node.inputShape(0).elementCount]
            axis = 0
        } else {
            shape = node.inputShape(0)
            axis = try node.axis("axis")
        }
        split = AxisSplit(shape, axis: axis)
        sorted = try node.flag("sorted")
    }

    func shape(_ count: Int) -> [Int] {
        var result = shape
        result[axis] = count
        return result
    }

    /// Places of a slice's elements, in order.
    func places(_ slice: Int) -> [Int] {
        (0..<split.outer * split.inner).map { element in
            (element / split.inner * split.length + slice) * split.inner + element % split.inner
        }
    }

    func groups<T: Comparable>(_ element: (Int) -> T) -> Groups {
        let slices = (0..<split.length).map { places($0).map(element) }
        return Groups(split.length, sorted: sorted) { a, b in
            for (x, y) in zip(slices[a], slices[b]) {
                // NaN is greater than all others and equal to itself.
                if x < y || (x == x && y != y) { return true }
                if y < x || (y == y && x != x) { return false }
            }
            return false
        }
    }
}

private struct UniqueLoop: NumberVisitor {
    let slices: Slices
    let node: NodeView

    func visit<T: KernelNumber>(_ type: T.Type) throws(WeftError) -> HostKernel.Body {
        let (slices, node) = (slices, node)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: T.self)
            let groups = slices.groups { x[$0].work }
            let split = slices.split
            let count = groups.first.count
            let y = try invocation.allocate(output: 0, shape: slices.shape(count), as: T.self)
            for outer in 0..<split.outer {
                for (position, slice) in groups.first.enumerated() {
                    (y + (outer * count + position) * split.inner).update(
                        from: x + (outer * split.length + slice) * split.inner, count: split.inner)
                }
            }
            try groups.write(node, invocation)
        }
    }
}

extension CPUKernels {
    /// Distinct elements, or slices along an axis.
    static let unique = SupportRow(
        "Unique", types: TypeConstraint(ElementTypes.numeric.union([.bool])),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 20, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let type = node.view.inputType(0)
            return try UniqueLoop(slices: try Slices(node.view), node: node.view)
                .dispatch(type)
        })

    /// Distinct strings.
    static let uniqueOfStrings = SupportRow(
        "Unique", types: TypeConstraint([.string]), dynamicOperands: true,
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 20, rate: .reference))] },
        kernel: HostKernel { node throws(WeftError) in
            let slices = try Slices(node.view)
            let view = node.view
            return { invocation throws(WeftError) in
                let x = try invocation.strings(0).elements
                let groups = slices.groups { x[$0] }
                let split = slices.split
                var texts: [String] = []
                for outer in 0..<split.outer {
                    for slice in groups.first {
                        let start = (outer * split.length + slice) * split.inner
                        texts += x[start..<start + split.inner]
                    }
                }
                try invocation.set(
                    output: 0, .strings(StringTensor(texts, shape: slices.shape(groups.first.count))))
                try groups.write(view, invocation)
            }
        })
}
