import WeftProvider
import WeftProviderKit

extension CPUKernels {
    private static let words = TypeConstraint([.string])

    static let stringConcat = dynamic("StringConcat", types: words) { _, invocation throws(WeftError) in
        let (a, b) = (try invocation.strings(0), try invocation.strings(1))
        let rank = Swift.max(a.shape.count, b.shape.count)
        func strides(_ shape: [Int]) -> [Int] {
            [Int](repeating: 0, count: rank - shape.count) + zip(shape, shape.rowMajorStrides).map { $0 == 1 ? 0 : $1 }
        }
        func full(_ shape: [Int]) -> [Int] { [Int](repeating: 1, count: rank - shape.count) + shape }
        let shape = zip(full(a.shape), full(b.shape)).map { $0 == 1 ? $1 : $0 }
        let (left, right, steps) = (strides(a.shape), strides(b.shape), shape.rowMajorStrides)
        let elements = (0..<shape.elementCount).map { index in
            var (first, second) = (0, 0)
            for axis in 0..<rank {
                let place = index / steps[axis] % shape[axis]
                first += place * left[axis]
                second += place * right[axis]
            }
            return a.elements[first] + b.elements[second]
        }
        try invocation.set(output: 0, .strings(StringTensor(elements, shape: shape)))
    }

    static let stringSplit = dynamic("StringSplit", types: words) { node, invocation throws(WeftError) in
        let x = try invocation.strings(0)
        let delimiter = node.attributes["delimiter"] == nil ? "" : try node.string("delimiter")
        let limit = node.attributes["maxsplit"] == nil ? Int.max : try node.int("maxsplit")
        let lists = x.elements.map { split($0, at: delimiter, limit: limit < 0 ? .max : limit) }
        let longest = lists.map(\.count).max() ?? 0
        let filled = lists.flatMap { $0 + [String](repeating: "", count: longest - $0.count) }
        try invocation.set(output: 0, .strings(StringTensor(filled, shape: x.shape + [longest])))
        guard node.has(output: 1) else { return }
        let counts = invocation.output(1, as: Int64.self)
        for (index, list) in lists.enumerated() { counts[index] = Int64(list.count) }
    }

    /// The parts of a string between delimiters, or its words where the delimiter is empty; at most `limit` cuts.
    private static func split(_ text: String, at delimiter: String, limit: Int) -> [String] {
        var parts: [String] = []
        guard delimiter.isEmpty else {
            var rest = text.unicodeScalars[...]
            let mark = Array(delimiter.unicodeScalars)
            while parts.count < limit {
                var cut = rest.startIndex
                while cut != rest.endIndex, !rest[cut...].starts(with: mark) { rest.formIndex(after: &cut) }
                guard cut != rest.endIndex else { break }
                parts.append(String(rest[..<cut]))
                rest = rest[rest.index(cut, offsetBy: mark.count)...]
            }
            return parts + [String(rest)]
        }
        var rest = text[...].drop { $0.isWhitespace }
        while !rest.isEmpty {
            guard parts.count < limit else { return parts + [String(rest)] }
            let word = rest.prefix { !$0.isWhitespace }
            parts.append(String(word))
            rest = rest[word.endIndex...].drop { $0.isWhitespace }
        }
        return parts
    }

    static let stringNormalizer = dynamic("StringNormalizer", types: words) { node, invocation throws(WeftError) in
        let x = try invocation.strings(0)
        let action = try node.string("case_change_action")
        let exact = try node.flag("is_case_sensitive")
        var stops: Set<String> = []
        if case .strings(let given) = node.attributes["stopwords"] {
            stops = Set(exact ? given : given.map { $0.lowercased() })
        }
        var kept = x.elements.filter { !stops.contains(exact ? $0 : $0.lowercased()) }
        if action == "LOWER" { kept = kept.map { $0.lowercased() } }
        if action == "UPPER" { kept = kept.map { $0.uppercased() } }
        if kept.isEmpty { kept = [""] }
        let shape = x.shape.count == 2 ? [1, kept.count] : [kept.count]
        try invocation.set(output: 0, .strings(StringTensor(kept, shape: shape)))
    }
}
