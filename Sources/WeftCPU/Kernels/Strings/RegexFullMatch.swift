import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Swift's own regular expressions, classes of characters as RE2 has them: ASCII, by Unicode scalars.
    static let regexFullMatch = dynamic("RegexFullMatch", types: TypeConstraint([.string])) {
        node, invocation throws(WeftError) in
        let pattern = try node.string("pattern")
        // The pattern's reader recurses on parentheses.
        guard pattern.utf8.count <= 1 << 16, pattern.utf8.count(where: { $0 == UInt8(ascii: "(") }) <= 200 else {
            throw WeftError(.invalidModel, "the pattern is too long, or nests too deep", node: node.label)
        }
        let x = try invocation.strings(0)
        let y = invocation.output(0, as: UInt8.self)
        do {
            let regex = try Regex(pattern).matchingSemantics(.unicodeScalar).asciiOnlyWordCharacters()
                .asciiOnlyDigits().asciiOnlyWhitespace().wordBoundaryKind(.simple)
            for (index, text) in x.elements.enumerated() {
                y[index] = try regex.wholeMatch(in: text) == nil ? 0 : 1
            }
        } catch {
            throw WeftError(.invalidModel, "pattern '\(pattern)' is no regular expression: \(error)", node: node.label)
        }
    }
}
