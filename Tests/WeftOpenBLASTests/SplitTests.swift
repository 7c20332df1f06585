import Testing

@testable import WeftOpenBLAS

/// Chunks cover every output once, whatever the sizes.
@Suite struct SplitTests {
    static let products: [[Int]] = [
        [1, 1, 1, 1], [1, 300, 500, 64], [1, 500, 300, 64], [12, 197, 197, 64], [3, 700, 2, 900], [1, 33, 31, 5000],
        [0, 3, 4, 5], [2, 0, 4, 5], [2, 4, 0, 5], [1, 1000, 1000, 0],
    ]

    @Test(arguments: products, 1...7) func productsAreCoveredOnce(_ size: [Int], _ workers: Int) {
        let split = ProductSplit(batch: size[0], rows: size[1], columns: size[2], depth: size[3], workers: workers)
        var seen = [Int](repeating: 0, count: size[0] * size[1] * size[2])
        for index in 0..<split.count {
            let chunk = split.chunk(index)
            for matrix in chunk.matrices {
                for row in chunk.rows {
                    for column in chunk.columns { seen[(matrix * size[1] + row) * size[2] + column] += 1 }
                }
            }
        }
        #expect(seen.allSatisfy { $0 == 1 })
    }

    static let convolutions: [[Int]] = [
        [1, 1, 1, 1], [1, 64, 3136, 576], [1, 512, 49, 4608], [3, 20, 100, 81], [96, 1, 3136, 9], [1, 7, 25600, 27],
        [0, 3, 4, 5], [2, 0, 4, 5], [2, 4, 0, 5], [1, 256, 197, 2304], [1, 8, 5000, 0],
    ]

    @Test(arguments: convolutions, 1...7) func convolutionsAreCoveredOnceWithinTheirScratch(
        _ size: [Int], _ workers: Int
    ) {
        for gathers in [false, true] {
            let split = ConvSplit(
                images: size[0], filters: size[1], pixels: size[2], depth: size[3], gathers: gathers, workers: workers)
            let most = ConvSplit.mostPixels(size[2], filters: size[1], depth: size[3], gathers: gathers)
            var seen = [Int](repeating: 0, count: size[0] * size[1] * size[2])
            for index in 0..<split.count {
                let unit = split.unit(index)
                #expect(unit.pixels.count <= most)
                for filter in unit.filters {
                    for pixel in unit.pixels { seen[(unit.image * size[1] + filter) * size[2] + pixel] += 1 }
                }
            }
            #expect(seen.allSatisfy { $0 == 1 })
        }
    }
}
