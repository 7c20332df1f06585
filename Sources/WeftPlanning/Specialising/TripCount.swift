import WeftGraph
import WeftInterpreter
import WeftProvider

/// How often a body runs in one run of its node, as expected, and the reason for that number.
package struct TripCount: Sendable, Hashable {
    /// The expected number of trips; 0.5 for each branch of an If.
    package let count: Double
    package let reason: String

    /// The trips assumed for a loop whose end only a run knows.
    package static let assumed = 8.0
    /// The most trips that count; more would change no decision.
    private static let most = 1e6

    init(_ count: Double, _ reason: String) {
        self.count = min(max(0, count), Self.most)
        self.reason = reason
    }

    /// For a body, from facts about its node's inputs and the constant that its condition output is, if known.
    init(_ node: Node, _ inputs: [Fact?], condition: Constant?) {
        switch node.opType {
        case "If": self.init(0.5, "assumed: either branch half of the time")
        case "Scan":
            if let length = BodyFacts.scanned(node, inputs)?.first?.length {
                self.init(Double(length), "the length of its scan inputs")
            } else {
                self.init(Self.assumed, "assumed: the length of its scan inputs is not known")
            }
        default: self.init(loop: inputs, condition: condition)
        }
    }

    private init(loop inputs: [Fact?], condition: Constant?) {
        func flag(_ constant: Constant?) -> Bool? {
            constant.flatMap { try? ControlFlow.flag(.constant($0), "the condition") }
        }
        let limit = inputs.first.flatMap { $0 }?.contents.flatMap { try? ControlFlow.count(.constant($0)) }
        if inputs.count > 1, let start = inputs[1], flag(start.contents) == false {
            self.init(0, "its condition is false from the start")
        } else if flag(condition) == false {
            self.init(limit.map { Double(min($0, 1)) } ?? 1, "its condition is false after a trip")
        } else if let limit, flag(condition) == true {
            self.init(Double(limit), "its trip count")
        } else if let limit {
            self.init(min(Double(limit), Self.assumed), "assumed: its condition decides, after at most \(limit)")
        } else {
            self.init(Self.assumed, "assumed: only a run knows")
        }
    }
}
