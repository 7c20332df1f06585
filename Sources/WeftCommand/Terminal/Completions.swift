import ArgumentParser
import Weft

/// What a shell offers where a value of Weft's own kind is due.
enum Completions {
    /// A list of provider names, each once: `vulkan,` goes on with `vulkan,openblas`.
    static let providers = CompletionKind.custom { words, index, prefix in
        let text = prefix.isEmpty && words.indices.contains(index) ? words[index] : prefix
        let before = text.split(separator: ",", omittingEmptySubsequences: false).dropLast().map(String.init)
        let head = before.map { $0 + "," }.joined()
        return names.filter { !before.contains($0) }.map { head + $0 }
    }

    /// `PATTERN=` goes on with a provider's name.
    static let pin = CompletionKind.custom { words, index, prefix in
        let word = prefix.isEmpty && words.indices.contains(index) ? words[index] : prefix
        guard let equals = word.lastIndex(of: "=") else { return [] }
        return names.map { word[...equals] + $0 }
    }

    static let model = CompletionKind.file(extensions: ["onnx"])

    private static var names: [String] { DefaultProviders.all.map(\.name) }
}
