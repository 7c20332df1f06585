import Foundation
import Synchronization
import Testing
import WeftProvider

@testable import WeftInterpreter
@testable import WeftRuntime

struct WorkerPoolTests {
    /// Runs loops of growing length and counts how often each chunk was visited; wrong workers count as no visit.
    private func visits(_ pool: WorkerPool, loops: Int) throws -> Bool {
        for length in 0..<loops {
            var counts = [Int32](repeating: 0, count: length)
            try counts.withUnsafeMutableBufferPointer { counts in
                let counts = counts
                try pool.forEach(length, stop: nil) { chunk, worker in
                    if (0..<pool.threads).contains(worker) { counts[chunk] += 1 }
                }
            }
            guard counts.allSatisfy({ $0 == 1 }) else { return false }
        }
        return true
    }

    @Test(arguments: [1, 2, 3, 16]) func everyChunkRunsOnceHoweverManyThreads(_ threads: Int) throws {
        let pool = WorkerPool(threads: threads)
        #expect(try visits(pool, loops: 400))
        // Long enough for the workers to fall asleep.
        Thread.sleep(forTimeInterval: 0.02)
        #expect(try visits(pool, loops: 100))
        pool.shutDown()
        #expect(try visits(pool, loops: 100))
    }

    @Test func loopsOfSeveralRunsDoNotMix() async throws {
        let pool = WorkerPool(threads: 3)
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 { group.addTask { try visits(pool, loops: 300) } }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(right)
        pool.shutDown()
    }

    @Test func workersHaveTheLoopsScratchToThemselves() throws {
        let pool = WorkerPool(threads: 4)
        let inside = (0..<4).map { _ in Counter() }
        let clash = Counter()
        for _ in 0..<200 {
            try pool.forEach(64, stop: nil) { _, worker in
                if inside[worker].add(1) != 1 { clash.add(1) }
                inside[worker].add(-1)
            }
        }
        #expect(clash.add(0) == 0)
        pool.shutDown()
    }

    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)
        @discardableResult func add(_ number: Int) -> Int { count.add(number, ordering: .relaxed).newValue }
    }
}
