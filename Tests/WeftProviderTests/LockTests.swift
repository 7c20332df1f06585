import Foundation
import Testing
import WeftProvider

/// The lock keeps threads apart and wakes those that wait; errors say where they belong.
@Suite struct LockTests {
    private final class Counter: @unchecked Sendable {
        let lock = Lock()
        var value = 0
    }

    @Test func noIncrementIsLost() {
        let counter = Counter()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<2000 { counter.lock.withLock { counter.value += 1 } }
        }
        #expect(counter.value == 16000)
    }

    @Test func aSignalWakesWhoWaits() {
        let counter = Counter()
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            counter.lock.lock()
            defer { counter.lock.unlock() }
            if index == 0 {
                while counter.value == 0 { counter.lock.wait() }
                counter.value += 1
            } else {
                counter.value = 1
                counter.lock.broadcast()
            }
        }
        #expect(counter.value == 2)
    }

    @Test func theLockIsFreeAfterAnError() throws {
        let lock = Lock()
        struct Refusal: Error {}
        #expect(throws: Refusal.self) { try lock.withLock { () throws -> Int in throw Refusal() } }
        #expect(lock.withLock { 1 } == 1)
    }

    @Test func errorsSayFileAndNodeFirst() {
        let error = WeftError(.invalidModel, "is wrong")
        #expect(error.description == "is wrong")
        #expect(error.at(node: "n (Add)").description == "node n (Add): is wrong")
        #expect(error.at(file: "m.onnx", node: "n (Add)").description == "m.onnx: node n (Add): is wrong")
    }

    @Test func thePlaceThatIsThereStays() {
        let error = WeftError(.invalidModel, "is wrong", node: "inner").at(file: "m.onnx", node: "outer")
        #expect(error.node == "inner")
        #expect(error.file == "m.onnx")
    }
}
