import Testing

@testable import WeftPlacement
@testable import WeftRuntime

/// When devices' segments are waited for.
struct WaitPointTests {
    private func points(
        _ spaces: [Int], _ overlaps: [Bool], _ readings: [(maker: Int, reader: Int)]
    ) -> WaitPoints {
        WaitPoints(
            spans: spaces.indices.map { $0 * 10...$0 * 10 + 9 }, spaces: spaces,
            overlaps: spaces.map { overlaps[$0] }, readings: readings)
    }

    @Test func aBlockIsWaitedForByItsFirstReaderElsewhere() {
        let points = points([1, 0, 0, 0], [false, true], [(0, 2), (0, 3)])
        #expect((0..<4).map { points[$0] } == [2, 2, 3, 4])
        #expect((0..<4).map { points.busyUntil($0) } == [19, 19, 29, 39])
    }

    @Test func withoutAReaderTheRunsEndWaits() {
        let points = points([1, 0, 0], [false, true], [])
        #expect(points[0] == 3 && points.busyUntil(0) == 29)
    }

    @Test func earlierBlocksOfADeviceAreOverWithLaterOnes() {
        let points = points([1, 0, 1, 0, 0], [false, true], [(0, 4), (2, 3)])
        #expect(points[0] == 3 && points[2] == 3)
    }

    @Test func aDeviceOnTheHostsCoresIsWaitedForAtOnce() {
        let points = points([1, 0, 1], [false, false], [(0, 2)])
        #expect((0..<3).map { points[$0] } == [1, 2, 3])
    }
}
