import Weft

/// What changed between two plan files, for `weft explain --diff`.
enum PlanDiff {
    static func print(_ first: String, _ second: String, json: Bool) throws {
        let difference = PlanDifference(
            from: try PlanFile(contentsOf: first), to: try PlanFile(contentsOf: second))
        if json { return try Console.print(json: difference) }
        Console.print(text(difference))
    }

    static func text(_ difference: PlanDifference) -> String {
        var lines: [String] = difference.remarks
        let (old, new) = (difference.predictedSeconds[0], difference.predictedSeconds[1])
        let ratio = old > 0 ? " (\(Figures.decimal(new / old, places: 2)) x)" : ""
        lines.append("predicted: \(Figures.milliseconds(old)) -> \(Figures.milliseconds(new))\(ratio)")
        lines.append("segments: \(difference.segments[0]) -> \(difference.segments[1])")
        let bytes = difference.transferBytes.map(Figures.bytes)
        lines.append(
            "transfers: \(difference.transfers[0]) of \(bytes[0]) -> \(difference.transfers[1]) of \(bytes[1])")
        lines += difference.rates.map { "rates of \($0)" }
        if difference.isEmpty { return (lines + ["both plans run every node in the same way"]).joined(separator: "\n") }
        func rows(_ moves: [PlanDifference.Move]) -> String {
            Figures.table(
                moves.map { move in
                    [
                        move.node.isEmpty ? "(unnamed)" : move.node, move.opType,
                        "\(move.fromDevice) \(move.fromVariant) \(Figures.milliseconds(move.fromSeconds))",
                        "-> \(move.toDevice) \(move.toVariant) \(Figures.milliseconds(move.toSeconds))", move.reason,
                    ]
                })
        }
        if !difference.moved.isEmpty {
            lines.append("\n\(Figures.count(difference.moved.count, "node")) on another device:")
            lines.append(rows(difference.moved))
        }
        if !difference.changed.isEmpty {
            lines.append("\n\(Figures.count(difference.changed.count, "node")) in another way:")
            lines.append(rows(difference.changed))
        }
        if !difference.removed.isEmpty {
            lines.append("\nonly in the first: \(difference.removed.joined(separator: ", "))")
        }
        if !difference.added.isEmpty {
            lines.append("\nonly in the second: \(difference.added.joined(separator: ", "))")
        }
        return lines.joined(separator: "\n")
    }
}
