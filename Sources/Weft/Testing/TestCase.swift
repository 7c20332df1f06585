public import WeftProvider

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An ONNX test folder: a model, and data sets of inputs with the outputs to expect.
public struct TestCase: Sendable {
    public let name: String
    public let folder: String
    public let dataSets: [String]
    public let tolerance: Tolerance

    public var model: String { folder + "/model.onnx" }

    /// Reads the folder's layout; nil where it holds no test case.
    ///
    /// Throws `.unreadableFile` for a `case.json` that cannot be read as one.
    public init?(folder: String, name: String) throws(WeftError) {
        let files = FileManager.default
        guard files.fileExists(atPath: folder + "/model.onnx"),
            let entries = try? files.contentsOfDirectory(atPath: folder)
        else { return nil }
        self.name = name
        self.folder = folder
        dataSets = entries.filter { $0.hasPrefix("test_data_set_") }.sorted(by: Self.numerically).map {
            folder + "/" + $0
        }
        guard !dataSets.isEmpty else { return nil }
        tolerance = try Tolerance(caseFile: folder + "/case.json")
    }

    /// All cases under the given paths: a path may be a case, or a folder of them at any depth.
    public static func find(_ paths: [String]) throws(WeftError) -> [TestCase] {
        var cases: [TestCase] = []
        for path in paths {
            let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
            guard FileManager.default.fileExists(atPath: trimmed) else {
                throw WeftError(.unreadableFile, "there is no such file or folder", file: path)
            }
            try collect(trimmed, trimmed.split(separator: "/").last.map(String.init) ?? trimmed, depth: 0, &cases)
        }
        return cases
    }

    private static func collect(
        _ folder: String, _ name: String, depth: Int, _ cases: inout [TestCase]
    ) throws(WeftError) {
        if let found = try TestCase(folder: folder, name: name) { return cases.append(found) }
        guard depth < 4, let entries = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for entry in entries.sorted() where !entry.hasPrefix(".") {
            var isFolder: Bool = false
            guard FileManager.default.fileExists(atPath: "\(folder)/\(entry)", isDirectory: &isFolder), isFolder else {
                continue
            }
            try collect("\(folder)/\(entry)", depth == 0 ? entry : "\(name)/\(entry)", depth: depth + 1, &cases)
        }
    }

    static func numerically(_ a: String, _ b: String) -> Bool {
        func number(_ text: String) -> Int { Int(text.filter(\.isNumber)) ?? 0 }
        return (number(a), a) < (number(b), b)
    }

    /// The files `PREFIX_N.pb` of a data set, by number.
    static func files(_ prefix: String, in dataSet: String) -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: dataSet)) ?? []
        return entries.filter { $0.hasPrefix(prefix + "_") && $0.hasSuffix(".pb") }.sorted(by: numerically).map {
            dataSet + "/" + $0
        }
    }

    /// A data set's values by the name of the input or output that each belongs to.
    ///
    /// A file belongs to what its tensor's name says, else to the one at its number.
    public static func values(
        _ prefix: String, in dataSet: String, for descriptions: [ValueDescription]
    ) throws(WeftError) -> [String: Value] {
        var values: [String: Value] = [:]
        for (index, file) in files(prefix, in: dataSet).enumerated() {
            let position = index < descriptions.count ? descriptions[index] : nil
            let (name, value) = try Value.read(pb: file, as: position?.type)
            if descriptions.contains(where: { $0.name == name }) {
                values[name] = value
            } else if let position {
                values[position.name] = value
            } else {
                throw WeftError(.invalidInput, "belongs to no \(prefix) of the model", file: file)
            }
        }
        return values
    }
}
