import Foundation
import Testing

/// A page of the project: a guide, a README, a page of a documentation catalogue.
struct GuidePage: CustomTestStringConvertible {
    /// A fenced block of code.
    struct Block {
        let language: String
        let lines: [String]
        /// The line of the page that it begins on.
        let line: Int
    }

    let path: String
    let text: String
    let blocks: [Block]

    var testDescription: String { path }

    init(_ path: String) throws {
        self.path = path
        text = try String(contentsOf: Project.root.appendingPathComponent(path), encoding: .utf8)
        var blocks: [Block] = []
        var open: (language: String, lines: [String], line: Int)?
        for (number, line) in text.components(separatedBy: "\n").enumerated() {
            if line.hasPrefix("```") {
                if let block = open {
                    blocks.append(Block(language: block.language, lines: block.lines, line: block.line))
                    open = nil
                } else {
                    open = (String(line.dropFirst(3)), [], number + 1)
                }
            } else {
                open?.lines.append(line)
            }
        }
        self.blocks = blocks
    }

    /// Every page in the repository.
    static let all: [GuidePage] = Project.files { $0.hasSuffix(".md") }.compactMap { try? GuidePage($0) }
}

/// The repository that these tests stand in.
enum Project {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../..").standardizedFileURL

    /// Paths from the root, of sources, tests, examples and pages.
    static func files(_ passes: (String) -> Bool) -> [String] {
        var files: [String] = []
        for folder in ["Sources", "Tests", "Examples", "Benchmarks"] {
            let walker = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
            while let name = walker?.nextObject() as? String {
                if name.hasPrefix(".") || name.contains("/.") { continue }
                if passes(name) { files.append("\(folder)/\(name)") }
            }
        }
        let top = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return (files + top.filter(passes)).sorted()
    }
}

/// Lines of the project's own files, to be found again in pages.
struct CodeIndex {
    private var places: [String: [(file: Int, line: Int)]] = [:]
    private var files: [[String]] = []

    init(_ passes: (String) -> Bool) {
        for path in Project.files(passes) {
            guard let text = try? String(contentsOf: Project.root.appendingPathComponent(path), encoding: .utf8)
            else { continue }
            let lines = text.components(separatedBy: "\n")
            for (number, line) in lines.enumerated() {
                places[Self.trimmed(line), default: []].append((files.count, number))
            }
            files.append(lines)
        }
    }

    /// Whether the lines stand together in one file, all under one more indentation or none.
    func contains(_ block: [String]) -> Bool {
        guard let first = block.first else { return true }
        return places[Self.trimmed(first)]?.contains { file, line in
            let lines = files[file]
            guard line + block.count <= lines.count else { return false }
            let shift = lines[line].count - first.count
            guard shift >= 0 else { return false }
            let indentation = String(repeating: " ", count: shift)
            return block.indices.allSatisfy { index in
                let wanted = block[index].isEmpty ? "" : indentation + block[index]
                return lines[line + index] == wanted
            }
        } ?? false
    }

    private static func trimmed(_ line: String) -> String { line.trimmingCharacters(in: .whitespaces) }
}
