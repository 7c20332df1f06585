import Testing
import WeftCPU
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

/// Attention as one node against its parts, in the forms that exporters write.
@Suite struct AttentionFusionTests {
    struct Sizes: Sendable {
        let batch, heads, rows, depth: Int
    }

    private static let sizes = [
        Sizes(batch: 1, heads: 12, rows: 16, depth: 8), Sizes(batch: 2, heads: 3, rows: 37, depth: 17),
        Sizes(batch: 4, heads: 1, rows: 1, depth: 5), Sizes(batch: 1, heads: 2, rows: 131, depth: 16),
        Sizes(batch: 2, heads: 2, rows: 7, depth: 1),
    ]

    /// The one fusion gives what its members give, on one worker and on three, and has that many of them.
    private func check(_ sketch: GraphSketch, _ end: Operand, members: Int) throws {
        let fusions = sketch.fusions(end)
        let fusion = try #require(fusions.first)
        #expect(fusions.count == 1)
        #expect(fusion.fused.opType == FusedNode.attention)
        #expect(fusion.members.count == members)
        let expected = try sketch.run(end)
        for workers: any Workers in [SerialWorkers(), ManyWorkers(3)] {
            let found = try sketch.run(end, fusions: fusions, workers: workers)
            let distance = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(found.count == expected.count && distance < 1e-5)
        }
    }

    /// Projections of their own, a factor after the product, a mask of one row.
    @Test(arguments: sizes) func headsOfThreeProjections(_ s: Sizes) throws {
        var g = GraphSketch()
        let shape = [s.batch, s.rows, s.heads * s.depth]
        let projections = (0..<3).map { _ in g.input(shape) }
        let mask = g.input([s.batch, 1, 1, s.rows])
        let parts = projections.map { g.reshape($0, [s.batch, s.rows, s.heads, s.depth]) }
        let q = g.transpose(parts[0], [0, 2, 1, 3])
        let k = g.transpose(parts[1], [0, 2, 3, 1])
        let v = g.transpose(parts[2], [0, 2, 1, 3])
        let scaled = g.node("Div", g.product(q, k), g.scalar(Float(s.depth).squareRoot()))
        let weights = g.softmax(g.node("Add", mask, scaled, shape: scaled.shape))
        let end = g.reshape(g.transpose(g.product(weights, v), [0, 2, 1, 3]), shape)
        try check(g, end, members: 12)
    }

    /// One projection cut in three, both operands scaled, keys turned by way of another shape.
    @Test(arguments: sizes) func slicesOfOneProjection(_ s: Sizes) throws {
        var g = GraphSketch()
        let x = g.input([s.batch, s.rows, 3 * s.heads * s.depth])
        let parts = g.transpose(g.reshape(x, [s.batch, s.rows, 3, s.heads, s.depth]), [2, 0, 3, 1, 4])
        let shape = [s.batch, s.heads, s.rows, s.depth]
        let (q, k, v) = (
            g.reshape(g.slice(parts, 0), shape), g.reshape(g.slice(parts, 1), shape),
            g.reshape(g.slice(parts, 2), shape)
        )
        let flat = g.reshape(k, [s.batch * s.heads, s.rows, s.depth])
        let turned = g.reshape(g.transpose(flat, [0, 2, 1]), [s.batch, s.heads, s.depth, s.rows])
        let keys = g.node("Mul", g.scalar(0.7), turned, shape: turned.shape)
        let scores = g.product(g.node("Mul", q, g.scalar(0.6)), keys)
        let end = g.transpose(g.product(g.softmax(scores), v), [0, 2, 1, 3])
        // Heads of several batches are no even walk: there all three are read from where they were transposed to.
        try check(g, end, members: s.batch == 1 || s.heads == 1 ? 17 : 15)
    }

    /// Windows: a split, a table of positions, and a mask by window under another shape.
    @Test(arguments: sizes.filter { $0.batch % 2 == 0 }) func windowsWithTwoMasks(_ s: Sizes) throws {
        var g = GraphSketch()
        let x = g.input([s.batch, s.rows, 3 * s.heads * s.depth])
        let (positions, mask) = (g.weights([1, s.heads, s.rows, s.rows]), g.weights([1, 2, 1, s.rows, s.rows]))
        let parts = g.transpose(g.reshape(x, [s.batch, s.rows, 3, s.heads, s.depth]), [2, 0, 3, 1, 4])
        let shape = [s.batch, s.heads, s.rows, s.depth]
        let thirds = g.split(
            "Split", [parts], shapes: [[Int]](repeating: [1] + shape, count: 3), ["axis": .int(0)])
        let (q, k, v) = (g.reshape(thirds[0], shape), g.reshape(thirds[1], shape), g.reshape(thirds[2], shape))
        let scores = g.product(g.node("Mul", q, g.scalar(0.5)), g.transpose(k, [0, 1, 3, 2]))
        let placed = g.node("Add", scores, positions)
        let windows = g.reshape(placed, [s.batch / 2, 2, s.heads, s.rows, s.rows])
        let masked = g.reshape(g.node("Add", windows, mask), scores.shape)
        let end = g.transpose(g.product(g.softmax(masked), v), [0, 2, 1, 3])
        try check(g, end, members: 16)
    }

    /// Keys that others read too are read where they are, turned or not.
    @Test func keysThatOthersReadStay() throws {
        var g = GraphSketch()
        let (q, x, v) = (g.input([2, 9, 4]), g.input([2, 11, 4]), g.input([2, 11, 6]))
        let keys = g.node("Relu", x)
        let turned = g.transpose(keys, [0, 2, 1])
        let end = g.product(g.softmax(g.product(q, turned)), v)
        let expected = try g.run(end)
        let fusion = try #require(g.fusions(end, keys).first)
        #expect(fusion.members == [1, 2, 3, 4] && fusion.fused.input(1)?.value == keys.value)
        #expect(zip(try g.run(end, fusions: [fusion]), expected).allSatisfy { abs($0 - $1) < 1e-5 })
        let kept = try #require(g.fusions(end, turned).first)
        #expect(kept.members == [2, 3, 4] && kept.fused.input(1)?.value == turned.value)
        #expect(zip(try g.run(end, fusions: [kept]), expected).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func weightsThatOthersReadAreNoAttention() {
        var g = GraphSketch()
        let weights = g.softmax(g.product(g.input([2, 9, 4]), g.input([2, 4, 8])))
        #expect(g.fusions(g.product(weights, g.input([2, 8, 3])), weights).isEmpty)
    }

    @Test func aFactorAfterTheMaskIsNoAttention() {
        var g = GraphSketch()
        let masked = g.node("Add", g.product(g.input([2, 9, 4]), g.input([2, 4, 8])), g.input([9, 8]))
        let weights = g.softmax(g.node("Mul", masked, g.scalar(0.5)))
        #expect(g.fusions(g.product(weights, g.input([2, 8, 3]))).isEmpty)
    }
}
