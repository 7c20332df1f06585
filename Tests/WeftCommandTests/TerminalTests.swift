import Foundation
import Testing

/// Lines of progress are for people at terminals alone.
@Suite struct TerminalTests {
    private let arguments = [
        "bench", Tool.fixture("dense.onnx"), "--shape", "x=2x4", "--provider", "cpu", "--runs", "2000",
    ]

    /// What stderr shows when it is a terminal.
    private func terminal(_ arguments: [String], _ environment: [String: String]) throws -> String {
        let primary = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(primary >= 0)
        // What unlockpt and ptsname do, which the C library hides from strict dialects.
        let (setLock, getNumber) = (UInt(0x4004_5431), UInt(0x8004_5430))
        var (lock, number) = (Int32(0), Int32(0))
        try #require(ioctl(primary, setLock, &lock) == 0 && ioctl(primary, getNumber, &number) == 0)
        let secondary = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(secondary >= 0)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Tool.path())
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["TERM": "xterm", "WEFT_PROGRESS": "always"].merging(environment) { _, new in new }
        ) { _, new in new }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle(fileDescriptor: secondary, closeOnDealloc: false)
        try process.run()
        close(secondary)
        var text = [UInt8]()
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = read(primary, &chunk, chunk.count), count > 0 { text += chunk[..<count] }
        close(primary)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self)
    }

    @Test func aTerminalShowsALineAndErasesIt() throws {
        let shown = try terminal(arguments, [:])
        #expect(shown.contains("dense: loading"))
        #expect(shown.hasSuffix("\r\u{1B}[2K"))
        #expect(!shown.contains("\n"))
    }

    @Test func aCountedLineIsInColourUnlessNobodyWantsThat() throws {
        let test = ["test", Tool.digits]
        #expect(try terminal(test, ["NO_COLOR": ""]).contains("\u{1B}[32m"))
        let plain = try terminal(test, ["NO_COLOR": "1"])
        #expect(plain.contains("] 0 of 1  digits-detector"))
        #expect(!plain.contains("\u{1B}[32m"))
    }

    @Test(arguments: [["WEFT_PROGRESS": "never"], ["TERM": "dumb"]])
    func aTerminalThatCannotOrShallNotShowsNothing(_ environment: [String: String]) throws {
        #expect(try terminal(arguments, environment).isEmpty)
    }

    @Test func aPipeShowsNothing() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Tool.path())
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["TERM": "xterm", "WEFT_PROGRESS": "always"]) { _, new in new }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        #expect(errors.fileHandleForReading.readDataToEndOfFile().isEmpty)
        #expect(!String(decoding: text, as: UTF8.self).contains("\u{1B}"))
        process.waitUntilExit()
    }
}
