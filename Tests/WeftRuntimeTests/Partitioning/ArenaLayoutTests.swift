import Testing
import WeftRuntime

@testable import WeftPlacement

private let layouts: [(name: String, lay: @Sendable ([ArenaValue]) -> ArenaLayout?)] = [
    ("largest first", { ArenaLayout.largestFirst($0) }), ("in step order", { ArenaLayout.inStepOrder($0) }),
    ("smallest", { ArenaLayout.smallest($0) }),
]

/// Two values that share bytes while both live, if there are such, by comparing every pair.
private func clash(_ values: [ArenaValue], _ layout: ArenaLayout) -> (Int, Int)? {
    for first in values.indices {
        for second in values.indices.dropFirst(first + 1) {
            let one = values[first], other = values[second]
            let doMeet = one.firstStep <= other.lastStep && other.firstStep <= one.lastStep
            let doOverlap =
                layout.offsets[first] < layout.offsets[second] + other.bytes
                && layout.offsets[second] < layout.offsets[first] + one.bytes
            if doMeet && doOverlap && one.bytes > 0 && other.bytes > 0 { return (first, second) }
        }
    }
    return nil
}

private func randomValues(seed: Int, count: Int) -> [ArenaValue] {
    var random = PartitioningRandom(seed: seed)
    return (0..<count).map { index in
        let life = random.chance(10) ? Int.random(in: 0...count, using: &random) : Int.random(in: 0...4, using: &random)
        let first = random.chance(70) ? index : Int.random(in: 0...count, using: &random)
        let bytes =
            random.chance(5) ? 0 : Int.random(in: 1...40, using: &random) * Int.random(in: 1...40, using: &random)
        return ArenaValue(bytes: bytes, firstStep: first, lastStep: first + life)
    }
}

@Test func noTwoLivingValuesShareBytesAndOffsetsAreAligned() {
    for seed in 0..<150 {
        let values = randomValues(seed: seed, count: seed % 60)
        for (name, lay) in layouts {
            guard let layout = lay(values) else {
                Issue.record("no layout \(name) for seed \(seed)")
                continue
            }
            #expect(clash(values, layout) == nil, "\(name), seed \(seed)")
            #expect(layout.offsets.allSatisfy { $0 % ArenaLayout.alignment == 0 })
            #expect(zip(values, layout.offsets).allSatisfy { $0.bytes == 0 || $1 + $0.bytes <= layout.bytes })
        }
    }
}

@Test func arenasStayNearTheBytesThatLiveAtOnce() throws {
    var totals = Array(repeating: 0.0, count: layouts.count)
    for seed in 0..<20 {
        let values = randomValues(seed: 500 + seed, count: 150)
        let least = try #require(ArenaLayout.leastBytes(values))
        for (index, layout) in layouts.enumerated() {
            let bytes = try #require(layout.lay(values)).bytes
            #expect(bytes >= least)
            #expect(Double(bytes) <= 1.6 * Double(least), "\(layout.name), seed \(seed)")
            totals[index] += Double(bytes) / Double(least) / 20
        }
    }
    #expect(totals[0] < 1.15 && totals[1] < 1.3 && totals[2] < 1.12, "\(totals)")
}

@Test func aChainNeedsItsTwoLargestNeighboursOnly() throws {
    let values = [10, 640, 320, 64, 64].enumerated().map { step, bytes in
        ArenaValue(bytes: bytes, firstStep: step, lastStep: step + 1)
    }
    #expect(ArenaLayout.leastBytes(values) == 960)
    #expect(ArenaLayout.largestFirst(values)?.bytes == 960)
    #expect(ArenaLayout.smallest(values)?.bytes == 960)
}

@Test func bytesGivenBackAreTakenAgainOnlyAfterTheLastRead() throws {
    let values = [
        ArenaValue(bytes: 64, firstStep: 0, lastStep: 3), ArenaValue(bytes: 64, firstStep: 3, lastStep: 3),
        ArenaValue(bytes: 64, firstStep: 4, lastStep: 5),
    ]
    for (_, lay) in layouts {
        let layout = try #require(lay(values))
        #expect(layout.offsets[0] != layout.offsets[1])
        #expect(layout.bytes == 128)
    }
}

@Test func senselessSizesHaveNoLayout() {
    let life = (first: 0, last: 1)
    func value(_ bytes: Int) -> ArenaValue { ArenaValue(bytes: bytes, firstStep: life.first, lastStep: life.last) }
    for sizes in [[-1], [.max], [.max - 63, 64], [.max / 2, .max / 2, .max / 2]] {
        for (name, lay) in layouts { #expect(lay(sizes.map(value)) == nil, "\(name), \(sizes)") }
        #expect(ArenaLayout.leastBytes(sizes.map(value)) == nil)
    }
    for (_, lay) in layouts { #expect(lay([])?.bytes == 0) }
    #expect(ArenaValue(bytes: 1, firstStep: 5, lastStep: 2).lastStep == 5)
}
