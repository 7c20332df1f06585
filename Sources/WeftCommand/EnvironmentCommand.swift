import ArgumentParser
import Weft

/// `weft environment`, and the page of `weft help environment`: every variable that Weft reads.
struct EnvironmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment", abstract: "Lists the environment variables that Weft reads.", discussion: page)

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    private struct Report: Encodable {
        struct Entry: Encodable {
            let name: String
            let values: String
            let standard: String
            let summary: String
            /// What it is set to; nil where it is not set.
            let value: String?
        }
        let variables: [Entry]
    }

    func run() throws {
        try Console.run {
            if json {
                return try Console.print(
                    json: Report(
                        variables: Self.variables.map {
                            Report.Entry(
                                name: $0.name, values: $0.values, standard: $0.standard, summary: $0.summary,
                                value: $0.value)
                        }))
            }
            Console.print(Self.page)
        }
    }

    private static var variables: [EnvironmentVariable] {
        EnvironmentVariable.ofDefaultProviders + Terminal.environment
    }

    private static var page: String {
        variables.map { variable in
            let now = variable.value.map { "; now \($0.isEmpty ? "empty" : $0)" } ?? ""
            return
                "\(variable.name)\n  \(variable.summary)\n  Set to: \(variable.values)\n  Default: \(variable.standard)\(now)"
        }.joined(separator: "\n\n")
    }
}
