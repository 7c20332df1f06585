import ArgumentParser
import Weft

/// `weft test`: ONNX test folders against a list of providers.
struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Runs ONNX test folders and compares their outputs.")

    @Argument(
        help: "Test folders (model.onnx, test_data_set_*), or folders of such folders.", completion: .directory)
    var paths: [String]

    @OptionGroup var providerOptions: ProviderOptions

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    @Flag(name: .long, help: "Print only cases that did not pass.")
    var quiet = false

    private struct Report: Encodable {
        let cases: [TestResult]
        let passed: Int
        let failed: Int
        let skipped: Int
    }

    func run() throws {
        try Console.run {
            let options = try providerOptions.sessionOptions()
            let cases = try TestCase.find(paths)
            guard !cases.isEmpty else {
                throw WeftError(
                    .invalidOption, "there is no test case in \(paths.joined(separator: ", "))",
                    hint: "a case is a folder with model.onnx and test_data_set_0")
            }
            // A name that nobody has is bad usage, not a failure of every case.
            try Session.check(providerOptions.providers)
            var results: [TestResult] = []
            let progress = Progress(cases[0].name, total: cases.count)
            defer { progress.finish() }
            for testCase in cases {
                progress.rename(testCase.name)
                let result = testCase.run(providerOptions.providers, options: options)
                results.append(result)
                progress.advance()
                if !json, !quiet || result.status != .passed {
                    let note = result.message.isEmpty ? "" : ": \(result.message)"
                    Console.print("\(result.status.rawValue) \(result.name)\(note)")
                }
            }
            let passed = results.count { $0.status == .passed }
            let failed = results.count { $0.status == .failed }
            let skipped = results.count - passed - failed
            if json {
                try Console.print(
                    json: Report(cases: results, passed: passed, failed: failed, skipped: skipped), pretty: false)
            } else {
                Console.print("\(passed) passed, \(failed) failed, \(skipped) skipped")
            }
            if failed > 0 { throw ExitCode(1) }
        }
    }
}
