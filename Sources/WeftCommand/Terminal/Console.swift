import ArgumentParser
import Weft
import WeftVision

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a command's words go: results to stdout, everything else to stderr.
enum Console {
    /// Writes a line of results.
    static func print(_ line: String) { Terminal.write(line + "\n", to: 1) }

    /// Writes one JSON document of results; names in snake case, numbers that JSON lacks as `"nan"` and `"inf"`.
    static func print(json value: some Encodable, pretty: Bool = true) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Writes a line about what happens, for people.
    static func note(_ line: String) { Terminal.write(line + "\n", to: 2) }

    /// Writes an error as the contract has it: one line, and one more where something can be done.
    static func error(_ text: String, hint: String? = nil) {
        note("weft: error: \(oneLine(text))")
        if let hint { note("hint: \(oneLine(hint))") }
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { line in
            String(line.drop { $0.isWhitespace })
        }.joined(separator: " ")
    }

    /// Runs a command's body; an error becomes lines on stderr and the contract's exit code.
    static func run(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let problem as WeftError {
            error(problem.description, hint: problem.hint)
            throw ExitCode(code(of: problem))
        } catch let problem as VisionError {
            error(problem.message, hint: problem.remedy)
            throw ExitCode(problem.code == .badOption || problem.code == .unavailable ? 2 : 3)
        }
    }

    /// 2 bad usage, 3 bad model or input, 4 provider or device failure.
    static func code(of error: WeftError) -> Int32 {
        switch error.code {
        case .invalidOption, .unknownProvider, .providerUnavailable: 2
        case .unreadableFile, .invalidModel, .unsupportedVersion, .unsupportedOperator, .invalidInput, .invalidData,
            .invalidPlan:
            3
        default: 4
        }
    }
}

extension Console {
    /// Ends the process.
    static func leave(_ code: Int32) -> Never { exit(code) }
}
