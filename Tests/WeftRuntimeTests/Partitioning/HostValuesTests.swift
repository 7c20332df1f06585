import Testing
import WeftRuntime

@testable import WeftPlacement

private func node(_ isSmall: Bool, _ operands: (producer: Int?, isWanted: Bool)...) -> HostValues.Node {
    HostValues.Node(
        isSmallIntegerProducer: isSmall,
        operands: operands.map { HostValues.Operand(producer: $0.producer, isWantedOnHost: $0.isWanted) })
}

@Test func aChainThatOnlyComputesAShapeStaysOnTheHost() {
    // 0 Shape, 1 Gather, 2 Concat, 3 Reshape(data: 4, shape: 2), 4 MatMul
    let pinned = HostValues.pinned([
        node(true), node(true, (0, false)), node(true, (1, false)), node(false, (4, false), (2, true)), node(false),
    ])
    #expect(pinned == [true, true, true, false, false])
}

@Test func oneReaderOnTheDeviceLetsGoOfTheWholeChainBehindIt() {
    // 1 is read as a size by 2 and as data by 3; 0 feeds 1 alone.
    let pinned = HostValues.pinned([
        node(true), node(true, (0, false)), node(false, (1, true)), node(false, (1, false)),
    ])
    #expect(pinned == [false, false, false, false])
}

@Test func floatsOutputsAndUnreadNodesAreLeftToThePlacement() {
    // 0 float, read as a size; 1 small, unread or a graph output; 3 small behind the float.
    let pinned = HostValues.pinned([
        node(false, (3, false)), node(true), node(false, (0, true)), node(true),
    ])
    #expect(pinned == [false, false, false, false])
}

@Test func readersThatAreOnTheHostAnyhowCountAsHost() {
    let nodes = [node(true), node(true, (0, false)), node(false, (1, false))]
    #expect(HostValues.pinned(nodes) == [false, false, false])
    #expect(HostValues.pinned(nodes, runsOnHost: { $0 == 2 }) == [true, true, false])
    #expect(HostValues.pinned(nodes, runsOnHost: { $0 >= 1 }) == [true, true, false])
}

@Test func hostValuesEqualTheDefinitionOnRandomGraphsInAnyOrder() {
    for seed in 0..<300 {
        var random = PartitioningRandom(seed: seed)
        let count = Int.random(in: 1...12, using: &random)
        let names = (0..<count).shuffled(using: &random)
        var nodes = Array(repeating: node(false), count: count)
        for position in 0..<count {
            var operands: [HostValues.Operand] = []
            for _ in 0..<Int.random(in: 0...3, using: &random) where position > 0 {
                let producer = names[Int.random(in: 0..<position, using: &random)]
                operands.append(.init(producer: producer, isWantedOnHost: random.chance(60)))
            }
            nodes[names[position]] = .init(isSmallIntegerProducer: random.chance(70), operands: operands)
        }
        // The definition, from the last node back: everyone who reads it wants it on the host.
        var expected = Array(repeating: false, count: count)
        for producer in names.reversed() where nodes[producer].isSmallIntegerProducer {
            var reads: [Bool] = []
            for (reader, other) in nodes.enumerated() {
                for operand in other.operands where operand.producer == producer {
                    reads.append(operand.isWantedOnHost || expected[reader])
                }
            }
            expected[producer] = !reads.isEmpty && reads.allSatisfy { $0 }
        }
        #expect(HostValues.pinned(nodes) == expected, "seed \(seed)")
    }
}
