import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Each n-gram of a row, at every distance between its words that may be, looked up in the pool.
    static let tfIdfVectorizer = dynamic("TfIdfVectorizer", types: TypeConstraint([.string, .int32, .int64])) {
        node, invocation throws(WeftError) in
        let isText = node.inputType(0) == .string
        let words = isText ? try invocation.strings(0).elements : try invocation.integers(0).map(String.init)
        let pool = try GramPool(node, isText: isText)
        let shape = node.inputShape(0)
        let (rows, length) = (shape.dropLast().reduce(1, &*), shape.last ?? 0)
        let columns = node.outputShape(0).last ?? 0
        let y = invocation.output(0, as: Float.self)
        y.update(repeating: 0, count: rows * columns)
        for row in 0..<rows {
            try invocation.workers.checkCancellation()
            let counts = pool.counts(Array(words[row * length..<(row + 1) * length]))
            for (gram, count) in counts {
                y[row * columns + pool.columns[gram]] = pool.value(gram, count)
            }
        }
    }
}

/// The n-grams that a TfIdfVectorizer knows, by their words.
private struct GramPool {
    let columns: [Int]
    private var numbers: [[String]: Int] = [:]
    private let weights: [Float]?
    private let mode: String
    private let lengths: ClosedRange<Int>
    private let skips: Int

    init(_ node: NodeView, isText: Bool) throws(WeftError) {
        func refuse(_ what: String) -> WeftError { WeftError(.invalidModel, what, node: node.label) }
        columns = try node.ints("ngram_indexes")
        mode = try node.string("mode")
        let (least, most) = (try node.int("min_gram_length"), try node.int("max_gram_length"))
        guard least >= 1, most >= least else { throw refuse("n-grams of \(least) to \(most) words are not possible") }
        lengths = least...most
        skips = Swift.max(0, try node.int("max_skip_count"))
        var pool: [String] = []
        switch (isText, node.attributes["pool_strings"], node.attributes["pool_int64s"]) {
        case (true, .strings(let texts)?, _): pool = texts
        case (false, _, .ints(let numbers)?): pool = numbers.map(String.init)
        default: throw refuse("the pool is missing, or not of the input's kind")
        }
        var count = 0
        // Where the grams of each length begin.
        let starts = try node.ints("ngram_counts")
        for (index, start) in starts.enumerated() {
            let (length, end) = (index + 1, index + 1 < starts.count ? starts[index + 1] : pool.count)
            guard start >= 0, start <= end, end <= pool.count, (end - start) % length == 0 else {
                throw refuse("ngram_counts \(starts) do not fit a pool of \(pool.count) words")
            }
            for at in stride(from: start, to: end, by: length) {
                let gram = Array(pool[at..<(at + length)])
                if numbers[gram] == nil { numbers[gram] = count }
                count += 1
            }
        }
        if case .floats(let given)? = node.attributes["weights"] { weights = given } else { weights = nil }
        guard columns.count >= count, weights.map({ $0.count >= count }) ?? true else {
            throw refuse("\(count) n-grams have \(columns.count) ngram_indexes, or too few weights")
        }
    }

    /// How often each gram of the pool is in a row, by the gram's number.
    func counts(_ words: [String]) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for length in lengths where length <= words.count {
            // Words that stand alone have no distance between them.
            for skip in 0...(length == 1 ? 0 : Swift.min(skips, words.count)) {
                let span = (length - 1) * (skip + 1) + 1
                guard span <= words.count else { break }
                for start in 0...(words.count - span) {
                    let gram = (0..<length).map { words[start + $0 * (skip + 1)] }
                    if let number = numbers[gram] { counts[number, default: 0] += 1 }
                }
            }
        }
        return counts
    }

    func value(_ gram: Int, _ count: Int) -> Float {
        switch mode {
        case "TF": Float(count)
        case "IDF": weights?[gram] ?? 1
        default: Float(count) * (weights?[gram] ?? 1)
        }
    }
}
