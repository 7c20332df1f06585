import ArgumentParser
import Weft

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where a command's words go: results to stdout, everything else to stderr.
enum Console {
    static func error(_ text: String) { write(text + "\n", to: 2) }

    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Reports an error as the contract has it, and gives the exit code that belongs to it.
    static func report(_ error: WeftError) -> ExitCode {
        Console.error("weft: error: \(error.description)")
        if let hint = error.hint { Console.error("hint: \(hint)") }
        return ExitCode(code(of: error))
    }

    /// 2 bad usage, 3 bad model or input, 4 provider or device failure.
    static func code(of error: WeftError) -> Int32 {
        switch error.code {
        case .invalidOption, .unknownProvider, .providerUnavailable: 2
        case .unreadableFile, .invalidModel, .unsupportedVersion, .unsupportedOperator, .invalidInput, .invalidData: 3
        default: 4
        }
    }

    /// Runs a command's body; an error becomes one line on stderr and the contract's exit code.
    static func run(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as WeftError {
            throw report(error)
        }
    }
}
