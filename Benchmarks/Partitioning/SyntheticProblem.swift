import WeftPlacement
import WeftRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension PlacementProblem {
    /// A priced graph as networks are: blocks in a row, each of a few branches that meet, with long skips.
    ///
    /// Devices are faster at heavy nodes and slower at light ones, decline one node in ten, fuse pairs of neighbours,
    /// and are reached by way of the host. The same arguments give the same problem.
    static func synthetic(nodes count: Int, spaces: Int) -> PlacementProblem {
        var dice = Dice(seed: UInt64(count))
        var problem = PlacementProblem(spaces: spaces)
        var links = TransferRates(spaces: spaces)
        for space in 1..<spaces {
            links[0, space] = .init(latency: 20e-6, bytesPerSecond: 10e9)
            links[space, 0] = links[0, space]
        }
        links.route(through: 0)

        for _ in 0..<count {
            let host = dice.logarithmic(1e-6, 3e-3)
            var prices = [host]
            for _ in 1..<spaces {
                let device = 8e-6 + host / dice.logarithmic(2, 40)
                prices.append(dice.chance(10) ? .infinity : device)
            }
            problem.nodes.append(.init(prices: prices))
        }
        var readers = [[Int]](repeating: [], count: count + 1)
        for node in 0..<count {
            // Value 0 is the graph's input; node n makes value n + 1.
            let isBranch = node % 6 == 3 || node % 6 == 4
            readers[isBranch ? max(0, node - node % 6 + 2) : node].append(node)
            if node % 6 == 5 {
                readers[node - 1].append(node)
                readers[max(0, node - 5)].append(node)
            }
            if node > 64, dice.chance(2) { readers[node - dice.below(60)].append(node) }
        }
        for (value, list) in readers.enumerated() {
            problem.values.append(
                .init(
                    origin: value == 0 ? .space(0) : .node(value - 1), consumers: list,
                    destination: list.isEmpty || value == count ? 0 : nil,
                    transfer: links.prices(bytes: Int(dice.logarithmic(1e3, 4e6)))))
        }
        for node in stride(from: 0, to: count - 1, by: 6) {
            let space = 1 + dice.below(spaces - 1)
            problem.fusions.append(.init(members: [node, node + 1], space: space, saving: 6e-6))
        }
        return problem
    }
}

/// A seeded generator, so that a problem can be made again.
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    private mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }

    mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % max(1, bound) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// A number between two others, as likely in each of their octaves.
    mutating func logarithmic(_ low: Double, _ high: Double) -> Double {
        let share = Double(next() >> 11) / Double(1 << 53)
        return low * exp(share * log(high / low))
    }

}
