import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files beside a model that hold its tensors' bytes: each is mapped once, none lies outside the model's folder.
struct ExternalFiles {
    /// Nil where the model came as bytes: then no file may be named.
    private let folder: String?
    private var open: [String: MappedFile] = [:]

    init(folder: String?) { self.folder = folder }

    /// The file and the range in it that a tensor's `external_data` names.
    ///
    /// `expected` is the number of bytes that the tensor's type and shape ask for. Throws `.invalidModel` for an
    /// address that leaves the folder or the file, `.unreadableFile` for a file that is not there.
    mutating func find(
        _ entries: [StringStringEntryProto], tensor: String, expected: Int
    ) throws(WeftError) -> (file: MappedFile, range: Range<Int>) {
        var values: [String: String] = [:]
        for entry in entries { values[entry.key] = entry.value }
        guard let location = values["location"], !location.isEmpty else {
            throw WeftError(.invalidModel, "tensor '\(tensor)' is external but names no file")
        }
        let file = try map(location, tensor: tensor)
        let offset = try number(values["offset"], "offset", tensor) ?? 0
        let length = try number(values["length"], "length", tensor) ?? expected
        guard length == expected else {
            throw WeftError(
                .invalidModel, "tensor '\(tensor)' needs \(expected) bytes, its external data has \(length)")
        }
        guard offset <= file.byteCount, length <= file.byteCount - offset else {
            throw WeftError(
                .invalidModel,
                "tensor '\(tensor)' lies at bytes \(offset) to \(offset.addingReportingOverflow(length).partialValue) "
                    + "of '\(location)', which has \(file.byteCount)",
                hint: "the external data file is truncated or belongs to another model")
        }
        return (file, offset..<offset + length)
    }

    private mutating func map(_ location: String, tensor: String) throws(WeftError) -> MappedFile {
        if let file = open[location] { return file }
        func refused(_ reason: String) -> WeftError {
            WeftError(
                .invalidModel, "external data '\(location)' of tensor '\(tensor)' \(reason)",
                hint: "external data must be a file in the model's own folder")
        }
        guard let folder else {
            throw refused("cannot be found: the model was given as bytes, without a folder")
        }
        guard !location.utf8.contains(0) else { throw refused("is not a file name") }
        guard !location.hasPrefix("/"), !location.split(separator: "/").contains("..") else {
            throw refused("leaves the model's folder")
        }
        guard let root = realPath(folder) else { throw refused("cannot be found: the model's folder is gone") }
        let joined = root == "/" ? root + location : root + "/" + location
        guard let resolved = realPath(joined) else {
            throw WeftError(
                .unreadableFile, "external data '\(location)' of tensor '\(tensor)' is missing: \(joined)",
                hint: "put the file beside the model, under the name that it was exported with")
        }
        guard resolved.hasPrefix(root == "/" ? root : root + "/") else { throw refused("leaves the model's folder") }
        let file = try MappedFile(path: resolved)
        open[location] = file
        return file
    }

    private func number(_ text: String?, _ key: String, _ tensor: String) throws(WeftError) -> Int? {
        guard let text else { return nil }
        guard let value = Int(text), value >= 0 else {
            throw WeftError(.invalidModel, "tensor '\(tensor)' has external \(key) '\(text)', which is no byte count")
        }
        return value
    }
}

/// A path without symbolic links; nil where nothing is there.
private func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}
