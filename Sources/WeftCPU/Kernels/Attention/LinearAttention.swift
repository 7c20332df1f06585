import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// The recurrence, token by token; heads in parallel. The state is kept in the working type.
    static let linearAttention = SupportRow(
        "LinearAttention", types: TypeConstraint(.floating),
        if: Condition("one type") { node, _ in
            (1...5).first { node.has(input: $0) && node.inputType($0) != node.inputType(0) }
                .map { .type(node.inputType($0) ?? .float32, operand: $0) }
        },
        variants: { node, _ in
            let depth = node.inputShape(0).last ?? 0
            return [
                Variant("plain", work: .elements(of: node, flopsPerElement: 6 * Double(depth), rate: .reference))
            ]
        }, kernel: LinearAttentionReference.kernel)
}

private enum LinearAttentionReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let (q, v) = (node.view.inputShape(0), node.view.inputShape(2))
        let heads = try node.view.int("q_num_heads")
        let shared = try node.view.int("kv_num_heads")
        let group = heads / shared
        let (batch, tokens, depth, width) = (q[0], q[1], q[2] / heads, v[2] / shared)
        let scale = E.Work(try node.view.float("scale"))
        let rule = try node.view.string("update_rule")
        let (gated, corrected) = (rule.hasPrefix("gated"), rule.hasSuffix("delta"))
        let decaySize = node.view.inputShape(4).last ?? 0
        let betaSize = node.view.inputShape(5).last ?? 0
        let givesState = node.view.has(output: 1)
        return { invocation throws(WeftError) in
            let queries = invocation.input(0, as: E.self)
            let keys = invocation.input(1, as: E.self)
            let values = invocation.input(2, as: E.self)
            let past = invocation.optionalInput(3, as: E.self)
            let decay = invocation.optionalInput(4, as: E.self)
            let beta = invocation.optionalInput(5, as: E.self)
            let y = invocation.output(0, as: E.self)
            let present = givesState ? invocation.output(1, as: E.self) : nil
            try invocation.workers.forEach(batch * shared) { index, _ in
                let (b, head) = index.quotientAndRemainder(dividingBy: shared)
                withUnsafeTemporaryAllocation(of: E.Work.self, capacity: depth * width + width) { room in
                    let added = UnsafeMutableBufferPointer(rebasing: room[(depth * width)...])
                    for i in 0..<depth * width { room[i] = past.map { $0[index * depth * width + i].work } ?? 0 }
                    for t in 0..<tokens {
                        let token = b * tokens + t
                        let key = keys + (token * shared + head) * depth
                        let value = values + (token * shared + head) * width
                        if gated, let decay {
                            for d in 0..<depth {
                                let rate = decay[token * decaySize + (decaySize == shared ? head : head * depth + d)]
                                let factor = E.Work(Double(rate.work).exponential)
                                for m in 0..<width { room[d * width + m] *= factor }
                            }
                        }
                        for m in 0..<width { added[m] = value[m].work }
                        if corrected, let beta {
                            let rate = beta[token * betaSize + (betaSize == 1 ? 0 : head)].work
                            for m in 0..<width {
                                var recalled = E.Work.zero
                                for d in 0..<depth { recalled += room[d * width + m] * key[d].work }
                                added[m] = rate * (added[m] - recalled)
                            }
                        }
                        for d in 0..<depth {
                            for m in 0..<width { room[d * width + m] += key[d].work * added[m] }
                        }
                        for member in 0..<group {
                            let row = token * heads + head * group + member
                            for m in 0..<width {
                                var sum = E.Work.zero
                                for d in 0..<depth { sum += queries[row * depth + d].work * room[d * width + m] }
                                y[row * width + m] = E(work: scale * sum)
                            }
                        }
                    }
                    if let present {
                        for i in 0..<depth * width { present[index * depth * width + i] = E(work: room[i]) }
                    }
                }
            }
        }
    }
}
