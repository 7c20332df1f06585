public import ArgumentParser
import Foundation
import Weft

/// The `weft` command line.
public struct WeftTool: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "weft",
        abstract: "Runs ONNX models on the execution providers that run them best.",
        version: Version.text,
        subcommands: [TestCommand.self])

    public init() {}
}

extension WeftTool {
    /// Parses the process's arguments, runs the command, and exits with the contract's code.
    public static func start() -> Never {
        do {
            var command = try parseAsRoot()
            try command.run()
            Foundation.exit(0)
        } catch let error as ExitCode {
            Foundation.exit(error.rawValue)
        } catch {
            // Help and version are no errors; everything else that the parser says is bad usage.
            let code = exitCode(for: error)
            if code == .success {
                print(message(for: error))
                Foundation.exit(0)
            }
            if code == .validationFailure {
                Console.error("weft: error: \(message(for: error))")
                Console.error("hint: `weft help` lists commands and options")
                Foundation.exit(2)
            }
            Console.error("weft: error: \(error)")
            Foundation.exit(4)
        }
    }
}
