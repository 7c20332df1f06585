import Testing
import WeftProvider

@testable import WeftRuntime

/// What a race keeps, given what runs take.
struct RaceTests {
    /// Contestants that take so many seconds, each a little different from round to round.
    private func race(_ seconds: [Double], jitter: Double = 0.01) throws -> Race {
        let race = Race(seconds.count, seconds: 0)
        var runs = [Int](repeating: 0, count: seconds.count)
        try race.run { contestant throws(WeftError) in
            runs[contestant] += 1
            return seconds[contestant] * (1 + jitter * Double((runs[contestant] * 7 + contestant) % 5 - 2))
        }
        return race
    }

    @Test func theQuickestWins() throws {
        #expect(try race([1, 0.8, 0.9]).winner(home: nil) == 1)
        #expect(try race([1, 0.8, 0.9]).winner(home: 0) == 1)
    }

    @Test func aPlanWhosePricesLiedLosesToTheHost() throws {
        let race = try race([20, 1])
        #expect(race.winner(home: 1) == 1)
        #expect(race.walls[0].count == 1, "what is lost when it warms up takes part no more")
        #expect(race.walls[1].count > 2)
        #expect(try #require(race.ratio(0, to: 1)).low > 15)
        let behind = try self.race([2, 1])
        #expect(behind.walls[0].count == 2, "what is hopelessly behind takes part no more")
    }

    @Test func theHostIsKeptUnlessAnotherIsQuickerBeyondDoubt() throws {
        #expect(try race([1, 0.999], jitter: 0.05).winner(home: 0) == 0)
        #expect(try race([1, 0.999], jitter: 0.05).winner(home: nil) == 1)
        #expect(try race([1, 0.95], jitter: 0.001).winner(home: 0) == 1)
    }

    @Test func theHostLosesWhereItIsHopelesslyBehind() throws {
        #expect(try race([5, 1, 1.2]).winner(home: 0) == 1)
    }

    @Test func aFirstRunThatIsSlowLosesNothing() throws {
        let race = Race(2, seconds: 0)
        var runs = [0, 0]
        try race.run { contestant throws(WeftError) in
            runs[contestant] += 1
            return contestant == 1 && runs[1] == 1 ? 100 : contestant == 1 ? 1 : 2
        }
        #expect(race.winner(home: nil) == 1)
        #expect(race.walls[1].allSatisfy { $0 == 1 })
    }

    @Test func warmingUpDoesNotCount() throws {
        let race = Race(1, seconds: 0)
        var isFirst = true
        try race.run { _ throws(WeftError) in
            defer { isFirst = false }
            return isFirst ? 100 : 1
        }
        #expect(race.walls == [[1, 1, 1]])
        #expect(race.runs == 3)
    }
}
