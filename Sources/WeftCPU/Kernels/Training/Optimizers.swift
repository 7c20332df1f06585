import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let adagrad = optimizer("Adagrad", states: 1) { node, rate, count throws(WeftError) in
        let decay = Double(try node.float("decay_factor"))
        let (epsilon, norm) = (Double(try node.float("epsilon")), Double(try node.float("norm_coefficient")))
        let rate = rate / (1 + count * decay)
        return { x, gradient, state in
            let slope = norm * x + gradient
            state[0] += slope * slope
            return x - rate * slope / (state[0].squareRoot() + epsilon)
        }
    }

    static let adam = optimizer("Adam", states: 2) { node, rate, count throws(WeftError) in
        let (alpha, beta) = (Double(try node.float("alpha")), Double(try node.float("beta")))
        let (epsilon, norm) = (Double(try node.float("epsilon")), Double(try node.float("norm_coefficient")))
        let after = Double(try node.float("norm_coefficient_post"))
        // Means that start at zero are too small at first.
        let rate =
            count > 0 ? rate * (1 - beta.power(count)).squareRoot() / (1 - alpha.power(count)) : rate
        return { x, gradient, state in
            let slope = norm * x + gradient
            state[0] = alpha * state[0] + (1 - alpha) * slope
            state[1] = beta * state[1] + (1 - beta) * slope * slope
            return (1 - after) * (x - rate * state[0] / (state[1].squareRoot() + epsilon))
        }
    }

    static let momentum = optimizer("Momentum", states: 1) { node, rate, count throws(WeftError) in
        let (alpha, beta) = (Double(try node.float("alpha")), Double(try node.float("beta")))
        let norm = Double(try node.float("norm_coefficient"))
        let mode = try node.string("mode")
        guard mode == "standard" || mode == "nesterov" else {
            throw WeftError(.invalidModel, "mode '\(mode)' is neither standard nor nesterov", node: node.label)
        }
        let weight = count > 0 ? beta : 1
        return { x, gradient, state in
            let slope = norm * x + gradient
            state[0] = alpha * state[0] + weight * slope
            return mode == "standard" ? x - rate * state[0] : x - rate * (slope + alpha * state[0])
        }
    }

    /// What becomes of one element of a tensor, given its gradient; changes its states.
    private typealias Update = (_ x: Double, _ gradient: Double, _ state: inout [Double]) -> Double

    /// A row for an optimizer: every tensor's elements updated one by one.
    private static func optimizer(
        _ opType: String, states: Int,
        _ make: @escaping @Sendable (NodeView, _ rate: Double, _ count: Double) throws(WeftError) -> Update
    ) -> SupportRow {
        SupportRow(
            opType, domain: "ai.onnx.preview.training",
            types: TypeConstraint(.float, operands: [1: [.int64]]),
            variants: { node, _ in
                [Variant("plain", work: .elements(of: node, flopsPerElement: 20, rate: .reference))]
            },
            kernel: HostKernel { node throws(WeftError) in
                let view = node.view
                let tensors = (view.inputs.count - 2) / (2 + states)
                let rateReader = try CastReader().dispatch(view.inputType(0))
                var access: [(read: CastReader.Read, write: CastWriter.Write, count: Int)] = []
                for tensor in 0..<tensors {
                    let type = view.inputType(2 + tensor)
                    access.append(
                        (
                            try CastReader().dispatch(type), try CastWriter().dispatch(type),
                            view.inputShape(2 + tensor).elementCount
                        ))
                }
                let tools = access
                let (inputs, outputs) = (view.inputs.count, view.outputs.count)
                return { invocation throws(WeftError) in
                    var sources: [UnsafeRawPointer] = []
                    for index in 0..<inputs {
                        sources.append(UnsafeRawPointer(invocation.input(index, as: UInt8.self)))
                    }
                    var targets: [UnsafeMutableRawPointer] = []
                    for index in 0..<outputs {
                        targets.append(UnsafeMutableRawPointer(invocation.output(index, as: UInt8.self)))
                    }
                    let count = sources[1].loadUnaligned(as: Int64.self)
                    let update = try make(view, rateReader(sources[0], 0), Double(count))
                    var state = [Double](repeating: 0, count: states)
                    for tensor in 0..<tensors {
                        let (read, write, count) = tools[tensor]
                        let (x, gradient) = (sources[2 + tensor], sources[2 + tensors + tensor])
                        for index in 0..<count {
                            for part in 0..<states {
                                state[part] = read(sources[2 + (2 + part) * tensors + tensor], index)
                            }
                            write(targets[tensor], index, update(read(x, index), read(gradient, index), &state))
                            for part in 0..<states {
                                write(targets[(1 + part) * tensors + tensor], index, state[part])
                            }
                        }
                    }
                }
            })
    }
}
