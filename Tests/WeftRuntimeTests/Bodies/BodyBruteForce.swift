import WeftGraph
import WeftProvider

@testable import WeftRuntime

/// What a program costs over two spaces, from its graph alone: the caller and its bodies in one set of masks.
///
/// Shares nothing with what builds placement problems. Nodes are known by their names.
struct BodyBruteForce {
    /// Names by bit, in the order in which graphs are walked.
    private(set) var names: [String] = []
    private var prices: [[Double]] = []
    private var tensors: [Tensor] = []

    /// A value with all who read it, whichever body they are in.
    private struct Tensor {
        var maker: Int?
        var readers = 0
        var isWantedOnHost = false
        let bytes: Int
        let times: Double
    }

    private let trips: [String: Double]
    private let priceOf: (String) -> [Double]
    private let up: (Int) -> Double
    private let down: (Int) -> Double

    init(
        _ program: BodyProgram, prices: @escaping (String) -> [Double], up: @escaping (Int) -> Double,
        down: @escaping (Int) -> Double
    ) {
        trips = program.trips
        priceOf = prices
        self.up = up
        self.down = down
        var numbers: [Int: Int] = [:]
        for (value, input) in zip(program.graph.inputs, program.inputs) {
            numbers[value] = tensor(bytes: input.tensor?.storage.byteCount ?? 0, times: 1)
        }
        walk(program.graph, times: 1, &numbers)
    }

    private mutating func tensor(bytes: Int, times: Double, maker: Int? = nil) -> Int {
        tensors.append(Tensor(maker: maker, bytes: bytes, times: times))
        return tensors.count - 1
    }

    private mutating func walk(_ graph: Graph, times: Double, _ numbers: inout [Int: Int]) {
        for node in graph.nodes {
            guard !node.bodies.isEmpty else {
                let bit = names.count
                names.append(node.name)
                prices.append(priceOf(node.name).map { $0 * times })
                for value in node.inputs { if let number = numbers[value] { tensors[number].readers |= 1 << bit } }
                // Elementwise: as large as the first operand.
                let bytes = numbers[node.inputs[0]].map { tensors[$0].bytes } ?? 0
                numbers[node.outputs[0]] = tensor(bytes: bytes, times: times, maker: bit)
                continue
            }
            for value in node.inputs { if let number = numbers[value] { tensors[number].isWantedOnHost = true } }
            for (name, body) in node.bodies.sorted(by: { $0.key < $1.key }) {
                let inner = times * (trips["\(node.name)/\(name)"] ?? .nan)
                var known: [Int: Int] = [:]
                for (value, outer) in zip(body.inputs.suffix(node.captureCount), node.inputs.suffix(node.captureCount))
                { known[value] = numbers[outer] }
                for value in body.inputs.dropLast(node.captureCount) {
                    guard case .tensor(.float32, .fixed(let shape)) = body.values[value].type else { continue }
                    known[value] = tensor(bytes: 4 * shape.reduce(1, *), times: inner)
                }
                walk(body, times: inner, &known)
            }
            // What has a size before the run: the carried value of a Loop, the result of an If.
            let size = node.opType == "Loop" ? node.inputs[2] : node.opType == "If" ? node.inputs[1] : Node.absent
            if let number = numbers[size], let result = node.outputs.first {
                numbers[result] = tensor(bytes: tensors[number].bytes, times: times)
            }
        }
        for value in graph.outputs { if let number = numbers[value] { tensors[number].isWantedOnHost = true } }
    }

    /// The cost where the nodes whose bits are set run on the device; infinite where one cannot.
    func cost(_ far: Int) -> Double {
        var cost = 0.0
        for (bit, prices) in prices.enumerated() { cost += prices[far >> bit & 1] }
        for tensor in tensors {
            if let maker = tensor.maker, far >> maker & 1 == 1 {
                if tensor.isWantedOnHost || tensor.readers & ~far != 0 { cost += down(tensor.bytes) * tensor.times }
            } else if tensor.readers & far != 0 {
                cost += up(tensor.bytes) * tensor.times
            }
        }
        return cost
    }

    var least: Double { (0..<1 << names.count).reduce(.infinity) { min($0, cost($1)) } }

    func mask(_ isFar: (String) -> Bool) -> Int {
        names.enumerated().reduce(0) { $0 | (isFar($1.element) ? 1 << $1.offset : 0) }
    }
}
