import ArgumentParser
import Weft

/// `weft providers`: who can run nodes here, and who cannot and why.
struct ProvidersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers", abstract: "Lists providers and devices, and says why one is unavailable.")

    @Flag(name: .long, help: "Print what each provider runs, as the Markdown tables of providers.md.")
    var tables = false

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    private struct Report: Encodable {
        struct Provider: Encodable {
            let name: String
            let available: Bool
            let unavailable: String?
            let operators: Int
            let devices: [Device]
            let details: [String: String]
        }
        struct Device: Encodable {
            let id: String
            let name: String
            let kind: String
            let memoryBytes: Int?
            let unifiedMemory: Bool
        }
        let providers: [Provider]
        let threads: Int
    }

    func run() throws {
        try Console.run {
            if tables { return Console.print(SupportTables.markdown(DefaultProviders.all)) }
            let report = Report(
                providers: DefaultProviders.all.map(Self.describe), threads: SessionOptions.defaultThreads)
            if json { return try Console.print(json: report) }
            for provider in report.providers {
                let state = provider.available ? "" : " (unavailable: \(provider.unavailable ?? "no device was found"))"
                Console.print("\(provider.name): \(Figures.count(provider.operators, "operator"))\(state)")
                for device in provider.devices {
                    let memory = device.memoryBytes.map { ", \(Figures.bytes($0))" } ?? ""
                    Console.print("  \(device.id): \(device.name), \(device.kind)\(memory)")
                }
                for (name, value) in provider.details.sorted(by: { $0.key < $1.key }) {
                    Console.print("  \(name): \(value)")
                }
            }
            Console.print("threads: \(report.threads)")
        }
    }

    private static func describe(_ provider: any Provider) -> Report.Provider {
        let (found, reason) = provider.devices()
        return Report.Provider(
            name: provider.name, available: !found.isEmpty, unavailable: found.isEmpty ? reason : nil,
            operators: Set(provider.rows.map { "\($0.domain)|\($0.opType)" }).count,
            devices: found.map {
                Report.Device(
                    id: $0.id, name: $0.name, kind: $0.kind.rawValue, memoryBytes: $0.memory > 0 ? $0.memory : nil,
                    unifiedMemory: $0.unifiedMemory)
            },
            details: Dictionary(provider.details.map { ($0.name, $0.value) }) { first, _ in first })
    }
}
