import Testing
import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct RecurrentTests {
    private static let (steps, size, hidden) = (3, 2, 2)
    private static let gates = ["RNN": 1, "GRU": 3, "LSTM": 4]

    /// Weights, recurrent weights and biases of one direction.
    private static func weights(_ opType: String, _ noise: inout Noise) throws -> [Tensor] {
        let rows = try #require(gates[opType]) * hidden
        return [noise.floats([1, rows, size]), noise.floats([1, rows, hidden]), noise.floats([1, 2 * rows])]
    }

    /// The states of every step of one sequence, by the standard's formulas, in double precision.
    private static func expected(_ opType: String, _ x: [Double], _ weights: [[Double]], linear: Bool) -> [Double] {
        let rows = weights[2].count / 2
        var (h, c) = ([Double](repeating: 0, count: hidden), [Double](repeating: 0, count: hidden))
        var states: [Double] = []
        for t in 0..<x.count / size {
            let step = Array(x[t * size..<(t + 1) * size])
            func dot(_ matrix: [Double], _ row: Int, _ vector: [Double]) -> Double {
                zip(matrix[row * vector.count..<(row + 1) * vector.count], vector).reduce(0) { $0 + $1.0 * $1.1 }
            }
            func input(_ gate: Int, _ j: Int) -> Double {
                dot(weights[0], gate * hidden + j, step) + weights[2][gate * hidden + j]
            }
            func recurrent(_ gate: Int, _ j: Int, _ state: [Double]) -> Double {
                dot(weights[1], gate * hidden + j, state) + weights[2][rows + gate * hidden + j]
            }
            func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
            let units = 0..<hidden
            switch opType {
            case "RNN": h = units.map { tanh(input(0, $0) + recurrent(0, $0, h)) }
            case "GRU":
                let z = units.map { sigmoid(input(0, $0) + recurrent(0, $0, h)) }
                let r = units.map { sigmoid(input(1, $0) + recurrent(1, $0, h)) }
                let reset = units.map { r[$0] * h[$0] }
                let new = units.map {
                    tanh(input(2, $0) + (linear ? r[$0] * recurrent(2, $0, h) : recurrent(2, $0, reset)))
                }
                h = units.map { (1 - z[$0]) * new[$0] + z[$0] * h[$0] }
            default:
                let gate = (0..<4).map { g in units.map { input(g, $0) + recurrent(g, $0, h) } }
                c = units.map { sigmoid(gate[2][$0]) * c[$0] + sigmoid(gate[0][$0]) * tanh(gate[3][$0]) }
                h = units.map { sigmoid(gate[1][$0]) * tanh(c[$0]) }
            }
            states += h
        }
        return states
    }

    @Test(arguments: ["RNN", "GRU", "LSTM"], [false, true])
    func layersMatchTheirFormulas(_ opType: String, _ linear: Bool) throws {
        var noise = Noise(11)
        let x = noise.floats([Self.steps, 1, Self.size])
        let weights = try Self.weights(opType, &noise)
        let attributes: [String: Attribute] = opType == "GRU" ? ["linear_before_reset": .int(linear ? 1 : 0)] : [:]
        let outputs = try CaseRunner()(opType, [x] + weights, attributes, outputs: 2)
        let expected = Self.expected(
            opType, try x.doubles(), try weights.map { try $0.doubles() }, linear: linear)
        #expect(outputs[0].shape == [Self.steps, 1, 1, Self.hidden])
        #expect(try outputs[0].distance(to: expected) < 1e-6)
        #expect(try outputs[1].distance(to: Array(expected.suffix(Self.hidden))) < 1e-6)
    }

    @Test func reversedLayersReadBackwardsFromTheirLastStep() throws {
        var noise = Noise(12)
        let x = noise.floats([Self.steps, 1, Self.size])
        let weights = try Self.weights("LSTM", &noise)
        let all = try x.doubles()
        let length = 2
        let backwards = (0..<length).reversed().flatMap { all[$0 * Self.size..<(($0 + 1) * Self.size)] }
        let states = Self.expected("LSTM", backwards, try weights.map { try $0.doubles() }, linear: false)
        let outputs = try CaseRunner()(
            "LSTM", [x] + weights + [Tensor([Int32(length)], shape: [1])], ["direction": .string("reverse")], outputs: 2
        )
        let expected = Array(states[2..<4] + states[0..<2]) + [0, 0]
        #expect(try outputs[0].distance(to: expected) < 1e-6)
        #expect(try outputs[1].distance(to: Array(states.suffix(2))) < 1e-6)
    }

    @Test func batchFirstLayoutsGiveTheSameNumbers() throws {
        var noise = Noise(13)
        let x = noise.floats([Self.steps, 1, Self.size])
        let weights = try Self.weights("GRU", &noise)
        let plain = try CaseRunner()("GRU", [x] + weights)[0]
        let turned = try CaseRunner()("GRU", [x.reshaped([1, Self.steps, Self.size])] + weights, ["layout": .int(1)])[0]
        #expect(turned.shape == [1, Self.steps, 1, Self.hidden])
        #expect(try turned.doubles() == plain.doubles())
    }

    @Test func weightsOfOtherSizesAreRefused() throws {
        var noise = Noise(14)
        let x = noise.floats([Self.steps, 1, Self.size])
        var weights = try Self.weights("LSTM", &noise)
        weights[0] = noise.floats([1, 8, 3])
        #expect(throws: WeftError.self) { try CaseRunner()("LSTM", [x] + weights) }
        let good = try Self.weights("RNN", &noise)
        #expect(throws: WeftError.self) { try CaseRunner()("RNN", [x] + good, ["direction": .string("sideways")]) }
        #expect(throws: WeftError.self) { try CaseRunner()("RNN", [x] + good, ["activations": .strings(["Swoosh"])]) }
    }
}
