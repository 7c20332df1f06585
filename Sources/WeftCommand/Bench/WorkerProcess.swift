import Weft

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// This program once more, as `weft bench --worker`: a process whose memory and threads are its own.
final class WorkerProcess {
    private let process: pid_t
    private let orders: UnsafeMutablePointer<FILE>
    private let answers: UnsafeMutablePointer<FILE>
    private let complaints: UnsafeMutablePointer<FILE>
    private var exitStatus: Int32?

    /// Starts a worker; it loads its model while the caller waits for its first answer.
    init(_ arguments: [String]) throws(WeftError) {
        // A worker that has gone shows as a failed read, not as a signal to us.
        signal(SIGPIPE, SIG_IGN)
        var toChild: [Int32] = [-1, -1]
        var fromChild: [Int32] = [-1, -1]
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0, let errors = tmpfile() else {
            throw Self.failure("no pipe could be made")
        }
        // All close in whatever program starts next, or a worker would keep another's input open.
        for descriptor in toChild + fromChild + [fileno(errors)] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        posix_spawn_file_actions_adddup2(&actions, fileno(errors), 2)
        let words = [CommandLine.arguments[0], "bench", "--worker"] + arguments
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        var child: pid_t = 0
        let result = posix_spawn(&child, Self.program, &actions, nil, pointers, environ)
        close(toChild[0])
        close(fromChild[1])
        guard result == 0, let orders = fdopen(toChild[1], "w"), let answers = fdopen(fromChild[0], "r") else {
            close(toChild[1])
            close(fromChild[0])
            fclose(errors)
            throw Self.failure("\(Self.program) could not be started: \(String(cString: strerror(result)))")
        }
        process = child
        self.orders = orders
        self.answers = answers
        complaints = errors
    }

    deinit {
        _ = end()
        fclose(complaints)
    }

    /// This program's file, whatever it was called as.
    private static let program =
        access("/proc/self/exe", X_OK) == 0 ? "/proc/self/exe" : CommandLine.arguments[0]

    private static let failed = WeftError.Code(rawValue: "workerFailed")

    private static func failure(_ message: String) -> WeftError {
        WeftError(Self.failed, "a worker for the measurement failed: \(message)")
    }

    /// The next line that it prints. Throws what the worker itself complained about where it ended instead.
    func answer<Answer: Decodable>(_ type: Answer.Type) throws(WeftError) -> Answer {
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        let count = getline(&line, &capacity, answers)
        defer { free(line) }
        guard count > 0, let line else { throw complaint() }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: Data(bytes: line, count: count))
        } catch {
            throw Self.failure("it answered '\(String(cString: line))'")
        }
    }

    /// Orders `count` runs and waits for their times.
    func time(_ count: Int) throws(WeftError) -> BenchWorker.Latencies {
        fputs("run \(count)\n", orders)
        fflush(orders)
        return try answer(BenchWorker.Latencies.self)
    }

    /// The error that the worker printed, with the code that its exit stands for.
    private func complaint() -> WeftError {
        let status = end()
        rewind(complaints)
        var bytes = [UInt8](repeating: 0, count: 65536)
        let text = String(decoding: bytes[..<fread(&bytes, 1, bytes.count, complaints)], as: UTF8.self)
        let lines = text.split(separator: "\n")
        func after(_ prefix: String) -> String? {
            lines.last { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        }
        guard let message = after("weft: error: ") else {
            let signal = status & 0x7f
            let last = lines.last.map { ": \($0)" } ?? ""
            return Self.failure(
                signal != 0 ? "it was ended by signal \(signal)\(last)" : "it ended without a word\(last)")
        }
        let code: WeftError.Code =
            switch status >> 8 & 0xff {
            case 2: .invalidOption
            case 3: .invalidInput
            default: Self.failed
            }
        return WeftError(code, message, hint: after("hint: "))
    }

    /// Lets it end and takes its status, once.
    private func end() -> Int32 {
        if let exitStatus { return exitStatus }
        fputs("quit\n", orders)
        fclose(orders)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        fclose(answers)
        exitStatus = status
        return status
    }
}
