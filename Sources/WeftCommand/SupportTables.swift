import Weft

/// What providers run, as Markdown, from the rows that placement itself reads.
enum SupportTables {
    static func markdown(_ providers: [any Provider]) -> String {
        providers.sorted { $0.name < $1.name }.map(table).joined(separator: "\n\n")
    }

    private static func table(_ provider: any Provider) -> String {
        var lines = ["### \(provider.name)", "", "| operator | element types | if |", "|---|---|---|"]
        let rows = merged(provider.rows)
        lines += rows.map { "| \($0.name) | \(text($0.types)) | \($0.condition.replacing("|", with: "\\|")) |" }
        if rows.isEmpty { lines.append("| none in this build | | |") }
        return lines.joined(separator: "\n")
    }

    private struct Line {
        let name: String
        let condition: String
        var types: TypeConstraint
    }

    /// A line an operator and condition; rows that differ in types alone are one, where no operand is named.
    private static func merged(_ rows: [SupportRow]) -> [Line] {
        var lines: [Line] = []
        for row in rows {
            let name = row.domain.isEmpty ? row.opType : "\(row.domain).\(row.opType)"
            if row.types.operands.isEmpty,
                let same = lines.firstIndex(where: {
                    $0.name == name && $0.condition == row.condition.text && $0.types.operands.isEmpty
                })
            {
                lines[same].types = TypeConstraint(lines[same].types.others.union(row.types.others))
            } else {
                lines.append(Line(name: name, condition: row.condition.text, types: row.types))
            }
        }
        return lines.sorted { ($0.name, $0.condition) < ($1.name, $1.condition) }
    }

    private static func text(_ types: TypeConstraint) -> String {
        let others = types.others.isEmpty ? [] : [text(types.others)]
        let operands = types.operands.sorted { $0.key < $1.key }.map { "input \($0.key): \(text($0.value))" }
        return (others + operands).joined(separator: "; ")
    }

    private static let groups: [(name: String, types: ElementTypes)] = [
        ("every fixed-size type", .fixedSize), ("numeric", .numeric), ("integer", .integer), ("floating", .floating),
    ]

    private static func text(_ types: ElementTypes) -> String {
        if types == Set(ElementType.allCases) { return "every type" }
        var rest = types
        var parts: [String] = []
        for group in groups where group.types.isSubset(of: rest) {
            parts.append(group.name)
            rest.subtract(group.types)
        }
        parts += rest.sorted { $0.rawValue < $1.rawValue }.map(\.description)
        return parts.joined(separator: ", ")
    }
}
