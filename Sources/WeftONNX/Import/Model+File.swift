package import WeftGraph
package import WeftProvider

extension Model {
    /// Reads an `.onnx` file; large tensors stay in its mapping, which the model keeps.
    ///
    /// Throws `.unreadableFile`, `.invalidModel`, `.unsupportedVersion` or `.unsupportedOperator`, naming the file.
    package init(
        contentsOf path: String, limits: ImportLimits = ImportLimits(), operators: OperatorSet = .standard
    ) throws(WeftError) {
        do {
            let file = try MappedFile(path: path)
            self = try Importer.model(file, folder: Model.folder(of: path), limits: limits, operators: operators)
        } catch {
            throw error.at(file: path)
        }
        file = path
    }

    /// Reads a model from bytes. `folder` is where its external data lies, if it has any.
    package init(
        bytes: [UInt8], folder: String? = nil, limits: ImportLimits = ImportLimits(),
        operators: OperatorSet = .standard
    ) throws(WeftError) {
        self = try Importer.model(MappedFile(bytes: bytes), folder: folder, limits: limits, operators: operators)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
