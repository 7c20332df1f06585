import Testing
import WeftProvider

@Suite(.enabled(if: CaseGraph.available)) struct ProductTests {
    static let shapes: [([Int], [Int])] = [
        ([3, 4], [4, 5]), ([4], [4]), ([4], [4, 5]), ([3, 4], [4]), ([2, 3, 4], [4, 5]), ([2, 3, 4], [2, 4, 5]),
        ([2, 1, 3, 4], [5, 4, 2]), ([1, 33], [33, 31]), ([17, 40], [40, 65]), ([3, 0], [0, 2]), ([0, 3], [3, 2]),
        ([2, 0, 3], [2, 3, 0]), ([6, 7, 64], [64, 48]), ([4], [3, 4, 2]), ([2, 3, 4], [4]), ([130, 70], [70, 33]),
        ([1, 200], [200, 401]), ([401, 200], [200, 1]), ([33, 91], [91, 203]), ([5, 61, 67], [5, 67, 71]),
        ([0, 3, 4], [0, 4, 5]), ([3, 1, 40, 90], [1, 2, 90, 50]), ([2, 3, 0], [2, 0, 4]),
    ]

    @Test(arguments: shapes, [false, true])
    func matricesMultiply(_ item: ([Int], [Int]), _ double: Bool) throws {
        var noise = Noise(5)
        var graph = CaseGraph()
        let (a, b) = (noise.tensor(item.0, double: double), noise.tensor(item.1, double: double))
        let y = try graph.node("MatMul", [graph.input(a), graph.input(b, constant: true)])
        let expected = try Self.product(a, b)
        for threads in [1, 3] {
            let found = try graph.run(y, threads: threads)
            #expect(found.shape == graph.shape(y))
            #expect(try found.distance(to: expected) < (double ? 1e-13 : 1e-5))
        }
    }

    static let sizes: [(Int, Int, Int)] = [
        (3, 5, 4), (1, 33, 17), (33, 1, 17), (1, 1, 9), (50, 130, 90), (150, 60, 70), (4, 6, 0), (0, 3, 2),
    ]

    @Test(arguments: [false, true], [false, true])
    func gemmTransposesScalesAndBroadcasts(_ transA: Bool, _ transB: Bool) throws {
        for (m, n, k) in Self.sizes {
            for double in [false, true] { try Self.checkGemm((m, n, k), transA, transB, double: double) }
        }
    }

    static func checkGemm(_ size: (m: Int, n: Int, k: Int), _ transA: Bool, _ transB: Bool, double: Bool) throws {
        let (m, n, k) = size
        var noise = Noise(11)
        let a = noise.tensor(transA ? [k, m] : [m, k], double: double)
        let b = noise.tensor(transB ? [n, k] : [k, n], double: double)
        let (av, bv) = (try a.doubles(), try b.doubles())
        var sums: [Double] = []
        for i in 0..<m {
            for j in 0..<n {
                var sum = 0.0
                for l in 0..<k { sum += av[transA ? l * m + i : i * k + l] * bv[transB ? j * k + l : l * n + j] }
                sums.append(sum * 0.25)
            }
        }
        let shapes: [[Int]?] = [nil, [n], [1, n], [m, 1], [m, n], [], [1]]
        for (shape, beta) in zip(shapes, [Float(1), 0.5, 2, 1, -1, 1, 0]) {
            let c = shape.map { noise.tensor($0, double: double) }
            var expected = sums
            if let c {
                let values = try c.doubles()
                let full = [Int](repeating: 1, count: 2 - c.shape.count) + c.shape
                for at in sums.indices {
                    let index = [min(at / n, full[0] - 1), min(at % n, full[1] - 1)]
                    expected[at] += Double(beta) * values[offset(index, full)]
                }
            }
            var graph = CaseGraph()
            let operands = [graph.input(a), graph.input(b), c.map { graph.input($0) }]
            let y = try graph.node(
                "Gemm", operands,
                [
                    "alpha": .float(0.25), "beta": .float(beta), "transA": .int(transA ? 1 : 0),
                    "transB": .int(transB ? 1 : 0),
                ])
            for threads in [1, 3] {
                let found = try graph.run(y, threads: threads)
                #expect(try found.distance(to: expected) < (double ? 1e-13 : 1e-5), "\(size) c \(shape ?? [])")
            }
        }
    }

    @Test func sizesBeyondTheLibrarysAreDeclined() {
        func operand(_ value: Int, _ shape: [Int]) -> Operand {
            Operand(value: value, type: .tensor(.float32, .fixed(shape)))
        }
        let node = NodeView(
            id: 0, name: "", opType: "MatMul", inputs: [operand(0, [1 << 20, 1 << 12, 1]), operand(1, [1, 1])],
            outputs: [operand(2, [1 << 20, 1 << 12, 1])])
        let support = CaseGraph().provider.support(
            node, on: DeviceDescription(id: "openblas", name: "", provider: "openblas", kind: .host))
        guard case .declined(.limit(_, let needs, _)) = support else {
            Issue.record("\(support)")
            return
        }
        #expect(needs == 1 << 32)
    }

    static func product(_ a: Tensor, _ b: Tensor) throws -> [Double] {
        let left = a.shape.count == 1 ? [1] + a.shape : a.shape
        let right = b.shape.count == 1 ? b.shape + [1] : b.shape
        let rank = max(left.count, right.count) - 2
        func leading(_ shape: [Int]) -> [Int] {
            [Int](repeating: 1, count: rank + 2 - shape.count) + shape.dropLast(2)
        }
        let broad = zip(leading(left), leading(right)).map { $0 == 1 ? $1 : $0 }
        let (av, bv) = (try a.doubles(), try b.doubles())
        func pick(_ index: [Int], _ own: [Int], _ tail: [Int]) -> Int {
            let head = zip(index, leading(own)).map { $1 == 1 ? 0 : $0 }
            return offset(head + tail, leading(own) + own.suffix(2))
        }
        let (depth, columns) = (left[left.count - 1], right[right.count - 1])
        return indices(broad + [left[left.count - 2], columns]).map { index in
            let head = Array(index.dropLast(2))
            let (row, column) = (pick(head, left, [index[rank], 0]), pick(head, right, [0, index[rank + 1]]))
            var sum = 0.0
            for k in 0..<depth { sum += av[row + k] * bv[column + k * columns] }
            return sum
        }
    }
}
