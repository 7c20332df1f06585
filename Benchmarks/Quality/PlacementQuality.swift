import ArgumentParser
import BenchmarkSupport
import Weft

/// What the figures should show and do not.
private struct Shortfall: Error, CustomStringConvertible {
    let description: String
}

/// Holds placements against simpler rules and a lower bound, and their predictions against simulated devices.
@main
struct PlacementQuality: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "PlacementQuality",
        abstract: "What placement by cost is worth, by the prices; with --race, by the clock.",
        discussion: """
            Places every model on three machines: this one, one with a simulated discrete GPU, one with a simulated \
            integrated one. Nothing is compiled or run. With --race, small models run on devices that sleep for as long \
            as their prices say, or for longer. Ends with 1 where a placement is not the best that is known, is below \
            the bound, or where a race shows what prices do not.
            """)

    @Argument(help: "Folders of model.onnx, or folders of such folders.")
    var models = [".models"]

    @Option(name: .long, parsing: .upToNextOption, help: "MODEL/INPUT=1x3x8x8, for inputs that nothing else decides.")
    var shape = ["yolo11n-dyn/images=1x3x640x640"]

    @Option(name: .long, help: "Threads that the host's rates are for.")
    var threads = 2

    @Flag(name: .long, help: "Nominal rates, whatever was measured here: the same figures on every machine.")
    var nominal = false

    @Flag(name: .long, help: "Overlap and races on devices that keep simulated time.")
    var race = false

    @Flag(name: .long, help: "Fewer turns; nothing is judged by time.")
    var smoke = false

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    func validate() throws {
        guard (1...1024).contains(threads) else { throw ValidationError("--threads takes 1 to 1024") }
    }

    func run() throws {
        let failures = race ? try runRaces() : try place()
        if !failures.isEmpty { throw Shortfall(description: failures.joined(separator: "\n")) }
    }

    private func place() throws -> [String] {
        let shapes = try InputShapes(shape)
        let worlds = try World.all(threads: threads, cache: nominal ? "" : nil)
        let folders = try ModelFolder.find(models)
        guard !folders.isEmpty else { throw ValidationError("there is no model.onnx under \(models)") }
        var rows: [QualityRow] = []
        for folder in folders {
            let model = try folder.load(shapes, threads: threads)
            for world in worlds {
                let report = try model.session.placement(model.inputs, on: world.devices)
                rows.append(try QualityRow(model: folder.name, world: world.name, report))
            }
        }
        let document = QualityDocument(worlds: worlds, rows: rows)
        print(json ? try Report.json(document) : document.text)
        return document.failures
    }

    private func runRaces() throws -> [String] {
        let turns = smoke ? 3 : 31
        let overlaps = [
            try OverlapTrial(isPaced: true, turns: turns), try OverlapTrial(isPaced: false, turns: turns),
        ]
        let races = try RaceTrial.Situation.allCases.map { try RaceTrial($0, turns: turns, seconds: smoke ? 1 : 6) }
        let document = RaceDocument(overlaps: overlaps, races: races)
        print(json ? try Report.json(document) : document.text)
        return smoke ? [] : document.failures
    }
}
