/// An anchor whose best class scores high enough to be looked at.
struct Candidate: Equatable {
    /// Its column (end to end: row) in the head.
    let anchor: Int
    let classIndex: Int
    let score: Float
}

/// A head's values, read by what they mean.
struct Head {
    let layout: HeadLayout
    let output: NetworkOutput

    private var anchors: Int { layout.endToEnd ? output.shape[1] : output.shape[2] }

    /// Candidates of one class each, best first; equals keep the order of their anchors.
    ///
    /// A candidate scores above the confidence, in a class that is asked for. Scores that are no numbers never do.
    func candidates(_ options: DetectionOptions) -> [Candidate] {
        let found = (layout.endToEnd ? rows() : columns(above: options.confidence))
            .filter { $0.score > options.confidence && options.classes?.contains($0.classIndex) != false }
            .sorted { $0.score > $1.score || ($0.score == $1.score && $0.anchor < $1.anchor) }
        return Array(found.prefix(DetectionOptions.maximumCandidates))
    }

    /// The four box numbers: centre and sizes, or, end to end and upright, two corners.
    func box(_ anchor: Int) -> (Float, Float, Float, Float) {
        (value(0, anchor), value(1, anchor), value(2, anchor), value(3, anchor))
    }

    /// What the task adds to an anchor, `layout.extra` numbers.
    func extra(_ anchor: Int) -> [Float] {
        let first = layout.endToEnd ? 6 : 4 + layout.classes
        return (0..<layout.extra).map { value(first + $0, anchor) }
    }

    private func value(_ channel: Int, _ anchor: Int) -> Float {
        layout.endToEnd
            ? output.values[anchor * (6 + layout.extra) + channel] : output.values[channel * anchors + anchor]
    }

    private func rows() -> [Candidate] {
        (0..<anchors).compactMap { row in
            guard let classIndex = Int(exactly: value(5, row).rounded()), classIndex >= 0 else { return nil }
            return Candidate(anchor: row, classIndex: classIndex, score: value(4, row))
        }
    }

    private func columns(above confidence: Float) -> [Candidate] {
        let anchors = anchors
        var best = [Float](repeating: -.infinity, count: anchors)
        var bestClass = [Int](repeating: 0, count: anchors)
        output.values.withUnsafeBufferPointer { values in
            for classIndex in 0..<layout.classes {
                let row = (4 + classIndex) * anchors
                for anchor in 0..<anchors where values[row + anchor] > best[anchor] {
                    best[anchor] = values[row + anchor]
                    bestClass[anchor] = classIndex
                }
            }
        }
        return (0..<anchors).filter { best[$0] > confidence }.map {
            Candidate(anchor: $0, classIndex: bestClass[$0], score: best[$0])
        }
    }
}
