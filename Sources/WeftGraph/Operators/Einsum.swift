import WeftProvider

extension Operator {
    /// Einstein's summation over labelled axes.
    ///
    /// Inference rewrites `equation` so that kernels see letters only: no spaces, no ellipsis, an explicit right side.
    package static let einsum = Operator(
        "Einsum", since: 28, inputs: 1...Int.max, attributes: [.required("equation", .string)]
    ) { inference throws(WeftError) in
        let type = try Rules.sameType(inference)
        var shapes: [[Int]] = []
        for index in inference.inputs.indices {
            guard let shape = inference.shape(index) else { return try inference.set(type, nil) }
            shapes.append(shape)
        }
        let equation = try EinsumEquation(inference.string("equation") ?? "", shapes)
        inference.attributes["equation"] = .string(equation.text)
        try inference.set(type, equation.shape)
    }
}

/// An equation with a letter for every axis of every operand.
private struct EinsumEquation {
    let text: String
    let shape: [Int]

    init(_ equation: String, _ shapes: [[Int]]) throws(WeftError) {
        func invalid(_ reason: String) -> WeftError {
            WeftError(.invalidModel, "equation '\(equation)': \(reason)")
        }
        let letters = Array(equation.filter { $0 != " " })
        let arrow = letters.indices.first { letters[$0] == "-" }
        let left = letters[..<(arrow ?? letters.count)]
        let terms = left.split(separator: ",", omittingEmptySubsequences: false).map { Array($0) }
        guard terms.count == shapes.count else {
            throw invalid("has \(terms.count) operands, the node \(shapes.count)")
        }
        var free = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".filter { !letters.contains($0) }[...]
        // Letters of the axes that an ellipsis stands for, the last axis first.
        var ellipsis: [Character] = []
        var sizes: [Character: Int] = [:]
        var named: [[Character]] = []
        for (term, shape) in zip(terms, shapes) {
            guard let (before, after, isOpen) = Self.parts(term) else {
                throw invalid("operands are letters and '...'")
            }
            let hidden = shape.count - before.count - after.count
            guard hidden == 0 || (hidden > 0 && isOpen) else {
                throw invalid("operand '\(String(term))' does not fit shape \(shape)")
            }
            while ellipsis.count < hidden {
                guard let letter = free.popFirst() else { throw invalid("has too many axes") }
                ellipsis.append(letter)
            }
            let labels = before + ellipsis.prefix(hidden).reversed() + after
            for (label, size) in zip(labels, shape) {
                let present = sizes[label] ?? 1
                guard present == size || present == 1 || size == 1 else {
                    throw invalid("'\(label)' is \(present) and \(size)")
                }
                sizes[label] = size == 1 ? present : size
            }
            named.append(labels)
        }
        let result: [Character]
        if let arrow {
            guard arrow + 1 < letters.count, letters[arrow + 1] == ">",
                let (before, after, isOpen) = Self.parts(Array(letters[(arrow + 2)...]))
            else { throw invalid("has no right side of letters and '...'") }
            result = before + (isOpen ? ellipsis.reversed() : []) + after
        } else {
            let all = named.joined().filter { !ellipsis.contains($0) }
            result = ellipsis.reversed() + Set(all).filter { label in all.count { $0 == label } == 1 }.sorted()
        }
        guard Set(result).count == result.count else { throw invalid("names an axis of the result twice") }
        var shape: [Int] = []
        for label in result {
            guard let size = sizes[label] else { throw invalid("'\(label)' is in no operand") }
            shape.append(size)
        }
        self.shape = shape
        text = named.map { String($0) }.joined(separator: ",") + "->" + String(result)
    }

    /// The letters before and after an ellipsis, and whether there is one; nil for anything else.
    private static func parts(_ term: [Character]) -> ([Character], [Character], Bool)? {
        let dots = term.firstIndex(of: ".")
        var (before, after) = (term, [Character]())
        if let dots {
            guard term.count >= dots + 3, term[dots..<dots + 3].allSatisfy({ $0 == "." }) else { return nil }
            (before, after) = (Array(term[..<dots]), Array(term[(dots + 3)...]))
        }
        guard (before + after).allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
        return (before, after, dots != nil)
    }
}
