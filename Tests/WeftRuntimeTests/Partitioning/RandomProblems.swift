import WeftRuntime

@testable import WeftPlacement

/// A seeded generator, so that a failing case can be run again.
struct PartitioningRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    /// Whole nanoseconds, in seconds.
    mutating func seconds(upTo nanoseconds: Int) -> Double {
        Double(Int.random(in: 0...nanoseconds, using: &self)) * 1e-9
    }
}

extension PlacementProblem {
    /// A graph of `count` nodes with declines, pins, shared values, outputs, inputs in any space, and fusions.
    static func random(spaces: Int, count: Int, using random: inout PartitioningRandom) -> PlacementProblem {
        var problem = PlacementProblem(spaces: spaces)
        for _ in 0..<count {
            var prices = (0..<spaces).map { _ in random.seconds(upTo: 1000) }
            for space in 1..<max(spaces, 2) where spaces > 1 && random.chance(20) { prices[space] = .infinity }
            if random.chance(5), spaces > 1, prices[1] < .infinity { prices[0] = .infinity }
            let allowed = (0..<spaces).filter { prices[$0] < .infinity }
            problem.nodes.append(
                Node(prices: prices, pin: random.chance(10) ? allowed.randomElement(using: &random) : nil))
        }
        var rates = TransferRates(spaces: spaces)
        for space in 1..<max(spaces, 2) where spaces > 1 {
            rates[0, space] = TransferRates.Link(latency: random.seconds(upTo: 300), bytesPerSecond: 1e9)
            rates[space, 0] = TransferRates.Link(latency: random.seconds(upTo: 300), bytesPerSecond: 2e9)
        }
        rates.route(through: 0)
        for producer in -Int.random(in: 1...2, using: &random)..<count {
            let later = max(producer + 1, 0)..<count
            let isOutput = later.isEmpty || random.chance(15)
            let readers = later.isEmpty ? 0 : random.chance(30) ? Int.random(in: 0...5, using: &random) : 1
            problem.values.append(
                Value(
                    origin: producer < 0 ? .space(random.chance(20) ? spaces - 1 : 0) : .node(producer),
                    consumers: (0..<readers).map { _ in
                        random.chance(50) ? later.lowerBound : Int.random(in: later, using: &random)
                    },
                    destination: isOutput ? (random.chance(20) ? spaces - 1 : 0) : nil,
                    transfer: rates.prices(bytes: Int.random(in: 0...1000, using: &random))))
        }
        for space in 0..<spaces {
            var start = Int.random(in: 0...3, using: &random)
            while start + 1 < count {
                let length = min(Int.random(in: 2...4, using: &random), count - start)
                let members = Array(start..<start + length)
                if random.chance(60) {
                    problem.fusions.append(Fusion(members: members, space: space, saving: random.seconds(upTo: 600)))
                }
                start += length + Int.random(in: 0...2, using: &random)
            }
        }
        return problem
    }
}

/// The least cost over two spaces, by trying every assignment as a bit mask.
///
/// Written for masks, so that it shares no line with the problem's own evaluator; `evaluations` also hands out each cost.
func leastCostOverTwoSpaces(_ problem: PlacementProblem, _ evaluations: (_ mask: Int, _ cost: Double) -> Void) -> Double
{
    func mask(_ nodes: [Int]) -> Int { nodes.reduce(0) { $0 | 1 << $1 } }
    let forbidden = [0, 1].map { space in mask(problem.nodes.indices.filter { !problem.nodes[$0].allows(space) }) }
    let prices = problem.nodes.map(\.prices)
    let values = problem.values.map { value in
        (
            source: { () -> Int in if case .node(let node) = value.origin { 1 << node } else { 0 } }(),
            isFarInput: value.origin == .space(1), readers: mask(value.consumers), destination: value.destination ?? -1,
            out: value.transfer[0, 1], back: value.transfer[1, 0]
        )
    }
    let fusions = problem.fusions.map { (members: mask($0.members), space: $0.space, saving: $0.saving) }
    var least = Double.infinity
    for far in 0..<(1 << prices.count) {
        let near = ~far
        if near & forbidden[0] != 0 || far & forbidden[1] != 0 { continue }
        var cost = 0.0
        for node in 0..<prices.count { cost += prices[node][far >> node & 1] }
        for value in values {
            if value.isFarInput || value.source & far != 0 {
                if value.readers & near != 0 || value.destination == 0 { cost += value.back }
            } else if value.readers & far != 0 || value.destination == 1 {
                cost += value.out
            }
        }
        for fusion in fusions where fusion.members & (fusion.space == 0 ? far : near) == 0 { cost -= fusion.saving }
        evaluations(far, cost)
        least = min(least, cost)
    }
    return least
}
