import Weft

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One of the ways to run a model that are compared: who may run nodes, and by what rule.
struct BenchPlan {
    let name: String
    /// As `--provider` takes it.
    let providers: [String]
    let placement: ProviderOptions.Placement
    /// Further options of the worker.
    let words: [String]

    static let baseline = "cpu"
    static let mixed = "mixed"
    static let saved = "plan"

    /// `cpu`, each other provider of the list alone, and the mixed plan over all of them, or the plan file's.
    ///
    /// What the caller says of placement and pins is about the last; the others are one provider's own. Throws what
    /// reading a plan file throws.
    static func all(_ names: [String], _ options: ProviderOptions) throws(WeftError) -> [BenchPlan] {
        var shared: [String] = []
        if let threads = options.threads { shared += ["--threads", "\(threads)"] }
        if let bytes = options.memory.deviceMemory { shared += ["--device-memory", "\(bytes)"] }
        if options.strict { shared.append("--strict") }
        var list: [String] = []
        for name in names where !list.contains(name) { list.append(name) }
        let others = list.filter { $0 != baseline }
        var plans = ([baseline] + others).map {
            BenchPlan(name: $0, providers: [$0], placement: .preference, words: shared)
        }
        let pins = options.pin.flatMap { ["--pin", $0] }
        if let path = options.plan {
            let file = try PlanFile(contentsOf: path)
            plans.append(
                BenchPlan(
                    name: saved, providers: file.providers.map(\.description),
                    placement: file.placement == .cost ? .cost : .preference, words: shared + pins + ["--plan", path]))
            return plans
        }
        guard !others.isEmpty else { return plans }
        plans.append(
            BenchPlan(
                name: mixed, providers: list.contains(baseline) ? list : list + [baseline],
                placement: options.placement ?? .cost, words: shared + pins))
        return plans
    }

    /// What a worker is started with, but for the model and its inputs.
    var arguments: [String] {
        ["--provider", providers.joined(separator: ","), "--placement", placement.rawValue] + words
    }
}

/// A model to measure, and the inputs that lie beside it.
struct BenchModel {
    /// What people call it.
    let name: String
    let file: String
    let testData: String?

    /// The file's name without its ending, or its folder's where that would be `model`.
    static func name(of file: String) -> String {
        let parts = file.split(separator: "/").map(String.init)
        let last = parts.last ?? file
        let stem = last.hasSuffix(".onnx") ? String(last.dropLast(5)) : last
        return stem == "model" && parts.count > 1 ? parts[parts.count - 2] : stem
    }

    /// Throws `.unreadableFile` for a folder that is no ONNX test folder, and where there is nothing.
    init(_ path: String) throws(WeftError) {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        var isFolder = false
        guard FileManager.default.fileExists(atPath: trimmed, isDirectory: &isFolder) else {
            throw WeftError(.unreadableFile, "there is no such file", file: path)
        }
        let parts = trimmed.split(separator: "/").map(String.init)
        if isFolder {
            name = parts.last ?? trimmed
            guard let found = try TestCase(folder: trimmed, name: name) else {
                throw WeftError(
                    .unreadableFile, "is a folder, but no ONNX test folder",
                    hint: "one holds model.onnx and test_data_set_0", file: path)
            }
            file = found.model
            testData = found.dataSets.first
        } else {
            name = Self.name(of: path)
            file = path
            testData = nil
        }
    }
}
