import WeftProvider

extension Operator {
    /// Counts of n-grams of a pool in each row of words or numbers [C] or [N, C], weighted or not.
    package static let tfIdfVectorizer = Operator(
        "TfIdfVectorizer", since: 9, inputs: 1...1,
        attributes: [
            .required("max_gram_length", .int), .required("max_skip_count", .int), .required("min_gram_length", .int),
            .required("mode", .string), .required("ngram_counts", .ints), .required("ngram_indexes", .ints),
            .optional("pool_int64s", .ints), .optional("pool_strings", .strings), .optional("weights", .floats),
        ]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: [.string, .int32, .int64])
        let mode = inference.string("mode") ?? ""
        guard ["TF", "IDF", "TFIDF"].contains(mode) else {
            throw WeftError(.invalidModel, "mode '\(mode)' is none of TF, IDF and TFIDF")
        }
        let indexes = inference.ints(attribute: "ngram_indexes") ?? []
        guard let last = indexes.max(), indexes.allSatisfy({ $0 >= 0 }), last < 1 << 40 else {
            throw WeftError(.invalidModel, "ngram_indexes should be a list of columns")
        }
        guard let x = inference.shape(0) else { return try inference.set(.float32, nil) }
        guard x.count == 1 || x.count == 2 else {
            throw WeftError(.invalidModel, "the input has shape \(x), should be [C] or [N, C]")
        }
        try inference.set(.float32, Array(x.dropLast()) + [last + 1])
    }
}
