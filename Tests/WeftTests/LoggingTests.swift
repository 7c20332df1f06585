import Logging
import Testing
import Weft
import WeftCPU
import WeftProviderTesting

/// What a caller's logger is told, and that a run tells it nothing.
@Suite struct LoggingTests {
    private func options(_ journal: Journal, capacity: Int = 16) -> SessionOptions {
        var options = SessionOptions()
        options.planCapacity = capacity
        var logger = Logger(label: "weft", factory: { _ in journal })
        logger.logLevel = .trace
        options.logger = logger
        return options
    }

    private func run(_ session: Session, rows: Int) async throws {
        _ = try await session.run(["a": noise([rows, 48]), "b": noise([rows, 48])])
    }

    @Test func loadingPlanningAndDevicesAreTold() async throws {
        let journal = Journal()
        let session = try await Session(model: ModelWriter.layers(), providers: [.cpu], options: options(journal))
        let loaded = journal.take()
        #expect(loaded.map(\.message) == ["device opened", "model loaded"])
        #expect(loaded.map(\.level) == [.debug, .info])
        #expect(loaded.first?.metadata["device"] == "cpu")
        #expect(loaded.last?.metadata["nodes"] == "7")
        try await run(session, rows: 2)
        let planned = journal.take()
        #expect(planned.map(\.message) == ["planned"] && planned.map(\.level) == [.info])
        #expect(planned.first?.metadata["signature"]?.contains("a: float32 [2, 48], b: float32 [2, 48]") == true)
        #expect(Double(planned.first?.metadata["seconds"] ?? "") ?? 0 > 0)
        for _ in 0..<3 { try await run(session, rows: 2) }
        #expect(journal.take().isEmpty)
    }

    @Test func planningAgainIsNeverSilent() async throws {
        let journal = Journal()
        let session = try await Session(
            model: ModelWriter.layers(), providers: [.cpu], options: options(journal, capacity: 1))
        try await run(session, rows: 1)
        _ = journal.take()
        try await run(session, rows: 2)
        let second = journal.take()
        #expect(second.map(\.message) == ["planned again, for new shapes or contents", "plan left the cache"])
        #expect(second.map(\.level) == [.notice, .debug])
        #expect(second.last?.metadata["signature"]?.contains("[1, 48]") == true)
        try await run(session, rows: 1)
        let third = journal.take()
        #expect(third.first?.level == .warning)
        #expect(third.first?.message.contains("planCapacity (1)") == true)
    }

    @Test func fallingBackIsTold() async throws {
        let journal = Journal()
        var options = options(journal)
        options.fallsBackToHost = true
        let lost = Simulation(fault: { _ in WeftError(.deviceLost, "gone") })
        let session = try await Session(
            model: ModelWriter.layers(),
            providers: [.provider(SeparateMemoryProvider("far", host: CPUProvider(), simulation: lost))],
            options: options)
        _ = journal.take()
        try await run(session, rows: 1)
        let told = journal.take()
        #expect(told.map(\.level) == [.info, .warning, .info])
        #expect(told.map(\.message).dropFirst().first?.hasPrefix("a device failed") == true)
        #expect(told.dropFirst().first?.metadata["code"] == "deviceLost")
    }

    @Test func withoutALoggerNothingIsAsked() async throws {
        let session = try await Session(model: ModelWriter.layers(), providers: [.cpu])
        try await run(session, rows: 1)
        #expect(SessionOptions().logger == nil)
    }
}

/// A log handler that remembers.
private final class Journal: LogHandler, @unchecked Sendable {
    struct Entry {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]
    }

    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]
    private let lock = Lock()
    private var entries: [Entry] = []

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let texts = (event.metadata ?? [:]).mapValues { "\($0)" }
        lock.withLock {
            entries.append(Entry(level: event.level, message: "\(event.message)", metadata: texts))
        }
    }

    /// What was told since the last call.
    func take() -> [Entry] {
        lock.withLock {
            defer { entries = [] }
            return entries
        }
    }
}
