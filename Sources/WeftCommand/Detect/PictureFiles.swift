import Weft

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The pictures that a command line means: files as they stand, and a folder's pictures in the order of their names.
struct PictureFiles {
    let files: [String]
    /// Whether more than a single file was asked for, so that results are a list and drawings need a folder.
    let isList: Bool

    static let extensions = ["jpg", "jpeg", "png"]

    /// Throws `.unreadableFile` for a path where nothing is, `.invalidOption` for a folder without pictures.
    init(_ paths: [String]) throws(WeftError) {
        var files: [String] = []
        var hasFolder = false
        for path in paths {
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw WeftError(.unreadableFile, "there is no such file", file: path)
            }
            guard isFolder else {
                files.append(path)
                continue
            }
            hasFolder = true
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
                throw WeftError(.unreadableFile, "the folder cannot be read", file: path)
            }
            let pictures = names.filter(Self.isPicture).sorted()
            guard !pictures.isEmpty else {
                throw WeftError(
                    .invalidOption, "there is no picture in the folder", hint: "pictures end in .jpg, .jpeg or .png",
                    file: path)
            }
            files += pictures.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
        }
        self.files = files
        isList = hasFolder || files.count > 1
    }

    private static func isPicture(_ name: String) -> Bool {
        guard !name.hasPrefix("."), let dot = name.lastIndex(of: ".") else { return false }
        return extensions.contains(name[name.index(after: dot)...].lowercased())
    }

    /// Where the drawing of each picture goes: `place` itself for a single file, else a folder that is made, in it the
    /// pictures' names ending in `.png`, numbered where two are the same.
    func drawings(in place: String) throws(WeftError) -> [String] {
        guard isList else { return [place] }
        do {
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        } catch {
            throw WeftError(
                .unreadableFile, "is no folder, and none can be made",
                hint: "for several pictures --output is a folder", file: place)
        }
        var taken: Set<String> = []
        return files.map { file in
            let name = file.split(separator: "/").last.map(String.init) ?? file
            let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
            var candidate = stem
            var number = 2
            while !taken.insert(candidate).inserted {
                candidate = "\(stem)-\(number)"
                number += 1
            }
            return "\(place)/\(candidate).png"
        }
    }
}
