/// What is kept of a model's candidates; the defaults are Ultralytics' own.
public struct DetectionOptions: Sendable, Equatable {
    /// Candidates must score above it, from 0 to 1.
    public var confidence: Float = 0.25
    /// Boxes that overlap a better one by more are dropped, from 0 to 1.
    public var overlap: Float = 0.7
    /// The most detections of a picture.
    public var maximum = 300
    /// The classes to keep; all if nil.
    public var classes: Set<Int>?
    /// Whether boxes of different classes suppress each other.
    public var classAgnostic = false
    /// Whether a model of dynamic size gets the smallest input that holds the picture, not the full square.
    public var rectangular = false

    /// At most so many of the best candidates enter suppression.
    static let maximumCandidates = 30000

    public init() {}

    /// Throws `.badOption` naming the value that is outside its range.
    public func validate() throws(VisionError) {
        for (name, value) in [("confidence", confidence), ("overlap (IoU)", overlap)] {
            guard value >= 0, value <= 1 else {
                throw VisionError(.badOption, "a \(name) of \(value) is out of range", remedy: "give 0 to 1")
            }
        }
        guard maximum >= 1 else {
            throw VisionError(
                .badOption, "at most \(maximum) detections leaves nothing to find", remedy: "give 1 or more")
        }
    }
}
