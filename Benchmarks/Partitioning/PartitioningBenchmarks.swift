import ArgumentParser
import BenchmarkSupport

/// Times the partitioner: the bare cut, placement to a verified plan, and the engine's whole planning.
@main
struct PartitioningBenchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "PartitioningBenchmarks",
        abstract: "Times the partitioner by the number of nodes and memory spaces.",
        discussion: """
            `cut` is one minimum cut over two spaces and nothing else; the other columns are stages of a placement, \
            each with its ratio to that cut. `planning` is what a session does for a new signature: \
            `support and prices` asks every device about every node, before anything is placed.
            """)

    @Option(name: .long, parsing: .upToNextOption, help: "Numbers of nodes.")
    var nodes = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000]

    @Option(name: .long, parsing: .upToNextOption, help: "Numbers of memory spaces.")
    var spaces = [2, 3]

    @Option(name: .long, help: "Times each piece gets its turn.")
    var rounds = 5

    @Option(name: .long, help: "The greatest number of nodes that whole planning is timed with.")
    var planningLimit = 50_000

    @Flag(name: .long, help: "500 and 5,000 nodes, three turns.")
    var quick = false

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    private struct Document: Encodable {
        let placement: [PlacementTimes]
        let planning: [PlanningTimes]
    }

    func validate() throws {
        guard nodes.allSatisfy({ (1...1_000_000).contains($0) }) else {
            throw ValidationError("--nodes takes numbers from 1 to 1000000")
        }
        guard spaces.allSatisfy({ (2...8).contains($0) }) else {
            throw ValidationError("--spaces takes numbers from 2 to 8")
        }
        guard rounds > 0 else { throw ValidationError("--rounds takes a positive number") }
    }

    func run() throws {
        let turns = Turns(burst: 0.02, rounds: quick ? min(rounds, 3) : rounds, clock: .processor)
        let sizes = quick ? [500, 5000] : nodes
        var placement: [PlacementTimes] = []
        for count in spaces {
            for size in sizes { placement.append(try PlacementTimes(nodes: size, spaces: count, turns)) }
        }
        var planning: [PlanningTimes] = []
        var planningTurns = turns
        planningTurns.clock = .wall
        for count in spaces {
            for size in sizes where size <= planningLimit {
                planning.append(try PlanningTimes(nodes: size, spaces: count, planningTurns))
            }
        }
        guard !json else { return print(try Report.json(Document(placement: placement, planning: planning))) }
        print("placement of a priced graph, median processor ms (ratio to the bare cut)")
        print(Report.table(PlacementTimes.header, placement.map(\.cells)))
        print("\nplanning of a graph by an engine, median ms")
        print(Report.table(PlanningTimes.header, planning.map(\.cells)))
    }
}
