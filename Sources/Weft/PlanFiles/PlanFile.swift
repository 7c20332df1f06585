import WeftPlanning
public import WeftProvider
import WeftRuntime

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A plan that can be kept: readable JSON with the model's hash, devices, nodes, segments, transfers and prices.
///
/// Pins may be added to it by hand; they hold as those of the session's options do.
public struct PlanFile: Sendable {
    let document: PlanDocument
    /// Where it was read from.
    private var path: String?

    init(_ document: PlanDocument) { self.document = document }

    /// Reads a file. Throws `.unreadableFile`, and `.invalidPlan` for what is no plan of this version.
    public init(contentsOf path: String) throws(WeftError) {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw WeftError(.unreadableFile, "the plan file cannot be read", file: path)
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let head = try? decoder.decode(Head.self, from: data) else {
            throw WeftError(
                .invalidPlan, "is no plan file", hint: "`weft explain --save-plan` and `weft tune --save` write them",
                file: path)
        }
        guard head.format == PlanDocument.format, head.weft == WeftVersion.number else {
            throw WeftError(
                .invalidPlan, "is a plan of Weft \(head.weft) (\(head.format)), this is \(WeftVersion.number)",
                hint: Self.anew, file: path)
        }
        do {
            document = try decoder.decode(PlanDocument.self, from: data)
        } catch {
            throw WeftError(.invalidPlan, "is a damaged plan file: \(Self.text(error))", file: path)
        }
        self.path = path
    }

    /// Writes the file, in place of one that is there or not at all. Throws `.unreadableFile`.
    public func write(to path: String) throws(WeftError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        do {
            try encoder.encode(document).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw WeftError(.unreadableFile, "the plan file cannot be written", file: path)
        }
    }

    /// Devices that it is for, in the order of preference; the last may be one that nobody named.
    public var devices: [String] { document.devices.map(\.id) }
    /// The list of providers that it was made with.
    public var providers: [ProviderChoice] {
        document.devices.prefix(max(0, document.namedDevices)).map { .named($0.id) }
    }
    public var placement: PlacementMode { PlacementMode(rawValue: document.placement) ?? .cost }
    /// Nodes that it pins to providers.
    public var pins: [PlacementPin] { document.pins.map { PlacementPin($0.pattern, provider: $0.provider) } }
    public var predictedSeconds: Double { document.predictedSeconds }

    /// What must be known of a file before it is read as a whole.
    private struct Head: Decodable {
        let format: String
        let weft: String
    }

    private static let anew = "make the plan anew with `weft explain --save-plan` or `weft tune --save`"

    private static func text(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")): \(context.debugDescription)"
        default: "\(error)"
        }
    }
}

extension PlanFile {
    /// Throws where it was made for other devices (`.invalidOption`) or another model (`.invalidPlan`).
    func check(_ selection: DeviceSelection, model: () throws(WeftError) -> String) throws(WeftError) {
        let here = selection.devices.map { "\($0.description.id) (\($0.description.name))" }
        let wanted = document.devices.map { "\($0.id) (\($0.name))" }
        guard here == wanted else {
            throw WeftError(
                .invalidOption,
                "the plan file is for \(wanted.joined(separator: ", ")), the session has \(here.joined(separator: ", "))",
                hint: "leave the list of providers out, or \(Self.anew)",
                file: path)
        }
        let hash = try model()
        guard hash == document.model.hash else {
            throw WeftError(
                .invalidPlan,
                "the plan file is for another model: \(document.model.name) with hash \(document.model.hash), "
                    + "this one's is \(hash)", hint: Self.anew, file: path)
        }
    }
}
