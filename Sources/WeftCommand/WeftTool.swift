public import ArgumentParser
public import Weft

/// The `weft` command line.
public struct WeftTool: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "weft",
        abstract: "Runs ONNX models on the execution providers that run them best.",
        version: Version.text,
        subcommands: [
            RunCommand.self, DetectCommand.self, InspectCommand.self, ExplainCommand.self, ProvidersCommand.self,
            BenchCommand.self, CompareCommand.self, CalibrateCommand.self, TuneCommand.self, TestCommand.self,
            EnvironmentCommand.self,
        ])

    public init() {}
}

extension WeftTool {
    /// Parses the process's arguments, runs the command, and exits with the contract's code.
    ///
    /// `providers` are there beside those that ship with Weft: whatever lists providers lists them, and `--provider`,
    /// `--pin` and plan files know them by name. Two of one name are bad usage.
    public static func start(providers: [any Provider] = []) -> Never {
        do {
            try DefaultProviders.add(providers)
        } catch {
            Console.error(error.description, hint: error.hint)
            Console.leave(Console.code(of: error))
        }
        do {
            var command = try parseAsRoot()
            try command.run()
            Console.leave(0)
        } catch let error as ExitCode {
            Console.leave(error.rawValue)
        } catch {
            // Help and version are no errors; everything else that the parser says is bad usage.
            switch exitCode(for: error) {
            case .success:
                Console.print(message(for: error))
                Console.leave(0)
            case .validationFailure:
                Console.error(message(for: error), hint: "`weft help` lists commands and options")
                Console.leave(2)
            default:
                Console.error("\(error)")
                Console.leave(4)
            }
        }
    }
}
