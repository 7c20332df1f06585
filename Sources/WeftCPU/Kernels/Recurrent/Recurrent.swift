import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let gru = recurrent("GRU", GRUReference.kernel)
    static let lstm = recurrent("LSTM", LSTMReference.kernel)
    static let rnn = recurrent("RNN", RNNReference.kernel)

    private static func recurrent(_ opType: String, _ kernel: HostKernel) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(.floating, operands: [4: [.int32]]),
            variants: { node, _ in
                let steps = Double(node.inputShape(0).dropLast().reduce(1, &*))
                let weights = Double(node.inputShape(1).elementCount + node.inputShape(2).elementCount)
                let work = Work(.reference, flops: 2 * steps * weights, bytes: 4 * weights)
                return [Variant("plain", work: work)]
            }, kernel: kernel)
    }
}

/// Sizes of a recurrent layer, and where the elements of its operands lie.
struct RecurrentShape: Sendable {
    let steps, batch, size, hidden, directions: Int
    let batchFirst: Bool
    let reversed: Bool
    let clip: Double
    let activations: [RecurrentActivation]

    init(_ node: NodeView) throws(WeftError) {
        let x = node.inputShape(0)
        batchFirst = try node.flag("layout")
        (steps, batch, size) = (x[batchFirst ? 1 : 0], x[batchFirst ? 0 : 1], x[2])
        hidden = node.inputShape(2)[2]
        let direction = try node.string("direction")
        directions = direction == "bidirectional" ? 2 : 1
        reversed = direction == "reverse"
        clip = node.attributes["clip"] == nil ? .infinity : Double(try node.float("clip"))
        activations = try RecurrentActivation.list(node)
    }

    /// The activation of gate `index` of a direction.
    func activation(_ index: Int, _ direction: Int, _ value: Double) -> Double {
        let limited = clip.isFinite ? Swift.max(-clip, Swift.min(clip, value)) : value
        return activations[direction * activations.count / directions + index].apply(limited)
    }

    func input(_ step: Int, _ b: Int) -> Int { (batchFirst ? b * steps + step : step * batch + b) * size }
    func state(_ direction: Int, _ b: Int) -> Int {
        (batchFirst ? b * directions + direction : direction * batch + b) * hidden
    }
    func output(_ step: Int, _ direction: Int, _ b: Int) -> Int {
        (batchFirst ? (b * steps + step) * directions + direction : (step * directions + direction) * batch + b)
            * hidden
    }
}

/// What one step of a layer does to its state: the only thing in which the three layers differ.
private protocol RecurrentCell: FloatKernel {
    static var gates: Int { get }
    /// Replaces `h` and `c`. `sums` has Wx + Wb of every gate; `product` gives R h + Rb of gate `k` for any h.
    static func step(
        _ node: RecurrentStep, h: UnsafeMutableBufferPointer<Double>, c: UnsafeMutableBufferPointer<Double>,
        sums: UnsafeMutableBufferPointer<Double>,
        product: (_ gate: Int, _ unit: Int, _ h: UnsafeMutableBufferPointer<Double>) -> Double,
        peephole: (_ part: Int, _ unit: Int) -> Double)
}

/// What a cell has to know of its layer.
private struct RecurrentStep: Sendable {
    let shape: RecurrentShape
    let direction: Int
    /// `linear_before_reset` or `input_forget`.
    let flag: Bool
    /// The bias of the recurrent part of a gate, alone.
    let hidden: Int
}

extension RecurrentCell {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = try RecurrentShape(node.view)
        let (hidden, size) = (shape.hidden, shape.size)
        let flagName = node.view.opType == "GRU" ? "linear_before_reset" : "input_forget"
        let flag = node.view.attributes[flagName] == nil ? false : try node.view.flag(flagName)
        let gives = (0..<3).map { node.view.has(output: $0) }
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let w = invocation.input(1, as: E.self)
            let r = invocation.input(2, as: E.self)
            let bias = invocation.optionalInput(3, as: E.self)
            let lengths = invocation.optionalInput(4, as: Int32.self)
            let h0 = invocation.optionalInput(5, as: E.self)
            let c0 = invocation.optionalInput(6, as: E.self)
            let peepholes = invocation.optionalInput(7, as: E.self)
            let y = gives[0] ? invocation.output(0, as: E.self) : nil
            let yh = gives[1] ? invocation.output(1, as: E.self) : nil
            let yc = gives[2] ? invocation.output(2, as: E.self) : nil
            try invocation.workers.forEachRange(of: shape.directions * shape.batch) { range, _ in
                withUnsafeTemporaryAllocation(of: Double.self, capacity: (2 + gates) * hidden) { room in
                    let h = UnsafeMutableBufferPointer(rebasing: room[..<hidden])
                    let c = UnsafeMutableBufferPointer(rebasing: room[hidden..<2 * hidden])
                    let sums = UnsafeMutableBufferPointer(rebasing: room[(2 * hidden)...])
                    for row in range {
                        let (direction, b) = row.quotientAndRemainder(dividingBy: shape.batch)
                        let length = lengths.map { Swift.max(0, Swift.min(Int($0[b]), shape.steps)) } ?? shape.steps
                        let backward = shape.reversed || direction == 1
                        let rows = direction * gates * hidden
                        let state = shape.state(direction, b)
                        let cell = RecurrentStep(shape: shape, direction: direction, flag: flag, hidden: hidden)
                        for j in 0..<hidden {
                            h[j] = h0.map { Double($0[state + j].work) } ?? 0
                            c[j] = c0.map { Double($0[state + j].work) } ?? 0
                        }
                        for step in 0..<length {
                            let position = backward ? length - 1 - step : step
                            let source = x + shape.input(position, b)
                            for unit in 0..<gates * hidden {
                                var sum = bias.map { Double($0[2 * rows + unit].work) } ?? 0
                                let weights = w + (rows + unit) * size
                                for i in 0..<size { sum += Double(weights[i].work) * Double(source[i].work) }
                                sums[unit] = sum
                            }
                            Self.step(
                                cell, h: h, c: c, sums: sums,
                                product: { gate, unit, h in
                                    let line = gate * hidden + unit
                                    var sum = bias.map { Double($0[2 * rows + gates * hidden + line].work) } ?? 0
                                    let weights = r + (rows + line) * hidden
                                    for i in 0..<hidden { sum += Double(weights[i].work) * h[i] }
                                    return sum
                                },
                                peephole: { part, unit in
                                    peepholes.map { Double($0[(direction * 3 + part) * hidden + unit].work) } ?? 0
                                })
                            if let y {
                                let target = y + shape.output(position, direction, b)
                                for j in 0..<hidden { target[j] = E(work: E.Work(h[j])) }
                            }
                        }
                        for position in length..<shape.steps {
                            guard let y else { break }
                            (y + shape.output(position, direction, b)).update(repeating: E(work: 0), count: hidden)
                        }
                        for j in 0..<hidden {
                            yh?[state + j] = E(work: E.Work(h[j]))
                            yc?[state + j] = E(work: E.Work(c[j]))
                        }
                    }
                }
            }
        }
    }
}

private enum RNNReference: RecurrentCell {
    static let gates = 1

    static func step(
        _ node: RecurrentStep, h: UnsafeMutableBufferPointer<Double>, c: UnsafeMutableBufferPointer<Double>,
        sums: UnsafeMutableBufferPointer<Double>,
        product: (Int, Int, UnsafeMutableBufferPointer<Double>) -> Double, peephole: (Int, Int) -> Double
    ) {
        for j in 0..<node.hidden { sums[j] += product(0, j, h) }
        for j in 0..<node.hidden { h[j] = node.shape.activation(0, node.direction, sums[j]) }
    }
}

private enum GRUReference: RecurrentCell {
    static let gates = 3

    static func step(
        _ node: RecurrentStep, h: UnsafeMutableBufferPointer<Double>, c: UnsafeMutableBufferPointer<Double>,
        sums: UnsafeMutableBufferPointer<Double>,
        product: (Int, Int, UnsafeMutableBufferPointer<Double>) -> Double, peephole: (Int, Int) -> Double
    ) {
        let n = node.hidden
        for j in 0..<2 * n {
            sums[j] = node.shape.activation(0, node.direction, sums[j] + product(j / n, j % n, h))
        }
        // c is free here: it holds what the reset gate leaves of the state.
        for j in 0..<n { c[j] = node.flag ? h[j] : sums[n + j] * h[j] }
        for j in 0..<n {
            let recurrent = product(2, j, c) * (node.flag ? sums[n + j] : 1)
            sums[2 * n + j] = node.shape.activation(1, node.direction, sums[2 * n + j] + recurrent)
        }
        for j in 0..<n { h[j] = (1 - sums[j]) * sums[2 * n + j] + sums[j] * h[j] }
    }
}

private enum LSTMReference: RecurrentCell {
    static let gates = 4

    static func step(
        _ node: RecurrentStep, h: UnsafeMutableBufferPointer<Double>, c: UnsafeMutableBufferPointer<Double>,
        sums: UnsafeMutableBufferPointer<Double>,
        product: (Int, Int, UnsafeMutableBufferPointer<Double>) -> Double, peephole: (Int, Int) -> Double
    ) {
        let n = node.hidden
        let (shape, direction) = (node.shape, node.direction)
        for j in 0..<4 * n { sums[j] += product(j / n, j % n, h) }
        for j in 0..<n {
            let entry = shape.activation(0, direction, sums[j] + peephole(0, j) * c[j])
            let forget =
                node.flag ? 1 - entry : shape.activation(0, direction, sums[2 * n + j] + peephole(2, j) * c[j])
            c[j] = forget * c[j] + entry * shape.activation(1, direction, sums[3 * n + j])
            let exit = shape.activation(0, direction, sums[n + j] + peephole(1, j) * c[j])
            h[j] = exit * shape.activations[direction * 3 + 2].apply(c[j])
        }
    }
}
