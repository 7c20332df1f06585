/// Numbers as people read them.
enum Figures {
    /// Three significant digits, or all of those before the point.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        let size = abs(value)
        if size == 0 { return "0" }
        if size >= 1e9 || size < 1e-4 { return scientific(value) }
        return decimal(value, places: size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 5)
    }

    static func milliseconds(_ seconds: Double) -> String { "\(number(seconds * 1e3)) ms" }

    static func bytes(_ count: Int) -> String {
        if count >= 1 << 20 { return "\(number(Double(count) / 1048576)) MiB" }
        if count >= 1 << 10 { return "\(number(Double(count) / 1024)) KiB" }
        return "\(count) bytes"
    }

    /// A large count with a unit prefix, as `6.54 G`.
    static func scaled(_ value: Double) -> String {
        for (limit, prefix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= limit {
            return "\(number(value / limit)) \(prefix)"
        }
        return number(value) + " "
    }

    static func percent(_ share: Double) -> String { "\(decimal(share * 100, places: 1)) %" }

    /// How well a figure is known: how far it may be off, or how few measurements it rests on; empty where none.
    static func certainty(_ spread: Double?, _ samples: Int?) -> String {
        if let spread { return "±\(percent(spread))" }
        guard let samples, samples > 0 else { return "" }
        return samples == 1 ? "one sample" : "\(samples) samples"
    }

    /// A count with its noun, as `1 node` and `3 nodes`.
    static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// Fixed-point notation, trailing zeros kept; for values below 1e9.
    static func decimal(_ value: Double, places: Int) -> String {
        var unit = 1.0
        for _ in 0..<places { unit *= 10 }
        let scaled = Int((abs(value) * unit).rounded())
        let sign = value < 0 && scaled != 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % Int(unit))
        return "\(sign)\(scaled / Int(unit)).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
    }

    private static func scientific(_ value: Double) -> String {
        var exponent = 0
        var mantissa = abs(value)
        while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        return "\(value < 0 ? "-" : "")\(decimal(mantissa, places: 2))e\(exponent)"
    }

    /// Rows of text in columns; the last is not padded.
    static func table(_ rows: [[String]], indent: String = "  ") -> String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            indent
                + row.enumerated().map { column, cell in
                    column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
                }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
