import WeftPlanning
import WeftProvider
import WeftProviderKit
import WeftRuntime

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The measured rates of this machine's devices: a readable file for each.
struct RateCache {
    /// What a file holds.
    struct Record: Codable {
        var format = RateCache.format
        var weft: String
        var machine: String
        var device: String
        var name: String
        var provider: String
        var kind: String
        /// Of the driver or library.
        var version: String
        /// The day of the measurement, as 2026-11-24.
        var day: String
        var measured: DeviceMeasurement
        /// What the provider's own tuning found.
        var tuned: [TunedFeature]
    }

    /// What is known of a device.
    struct Knowledge {
        var rates: DeviceRates
        /// What joins the features of its description.
        var features: Set<String> = []
    }

    static let format = "weft rates 2"

    /// Nil where nothing is kept.
    let folder: String?

    init(directory: String? = nil) { folder = CacheDirectory.path(directory) }

    /// The file that a device's rates are kept in: its name tells machines and devices apart.
    func path(_ device: DeviceDescription) -> String? {
        guard let folder else { return nil }
        var hash = StableHash()
        for part in [Machine.name, device.provider, device.id, device.name] { hash.add(part) }
        let id = device.id.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined()
        return "\(folder)/rates-\(id)-\(hash.text.prefix(8)).json"
    }

    /// What is known of a device: its cached rates and choices, else rates of its class, with a word why where a file
    /// was found that cannot be used.
    func knowledge(_ device: DeviceDescription, threads: Int) -> Knowledge {
        func nominal(_ remark: String? = nil) -> Knowledge {
            Knowledge(rates: .nominal(device, threads: threads, remark: remark))
        }
        guard let path = path(device), let data = try? Data(contentsOf: URL(filePath: path)) else { return nominal() }
        guard let header = try? Self.decoder.decode(Header.self, from: data) else {
            return nominal("the file of cached rates is damaged: \(path)")
        }
        guard header.weft == WeftVersion.number else {
            return nominal("the cached rates are of Weft \(header.weft)")
        }
        guard header.format == Self.format else {
            return nominal("the cached rates are of another form, '\(header.format)'")
        }
        guard let record = try? Self.decoder.decode(Record.self, from: data) else {
            return nominal("the file of cached rates is damaged: \(path)")
        }
        guard record.machine == Machine.name, record.name == device.name, record.provider == device.provider,
            record.version == device.version
        else { return nominal("the cached rates are of another machine, device or driver") }
        guard let rates = record.measured.rates(device, threads: threads, source: .calibrated(on: record.day)) else {
            return nominal("the file of cached rates holds figures that no device can have: \(path)")
        }
        return Knowledge(rates: rates, features: Set(record.tuned.map(\.feature)))
    }

    /// What every file of rates begins with, whatever wrote it.
    private struct Header: Codable {
        let format: String
        let weft: String
    }

    /// Keeps a record, in place of the one before or not at all; returns the file's path.
    ///
    /// Throws `.unreadableFile` where nothing can be kept.
    func keep(_ record: Record, of device: DeviceDescription) throws(WeftError) -> String {
        guard let folder, let path = path(device) else {
            throw WeftError(
                .unreadableFile, "there is no cache directory to keep rates in",
                hint: "set WEFT_CACHE_DIR, XDG_CACHE_HOME or HOME")
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Self.encoder.encode(record).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw WeftError(
                .unreadableFile, "the rates cannot be written: \(error)", file: path)
        }
        return path
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return encoder
    }

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
