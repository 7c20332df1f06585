/// An SVG picture as it grows; nothing in it refers to anything outside.
struct SVG {
    private var elements: [String] = []
    let width: Double
    let height: Double

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    enum Anchor: String { case start, middle, end }

    mutating func rectangle(
        x: Double, y: Double, width: Double, height: Double, fill: String, radius: Double = 0, title: String? = nil
    ) {
        let shape =
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(max(0, width)))\" "
            + "height=\"\(Self.number(max(0, height)))\" fill=\"\(fill)\""
            + (radius > 0 ? " rx=\"\(Self.number(radius))\"" : "")
        elements.append(shape + (title.map { "><title>\(Self.escaped($0))</title></rect>" } ?? "/>"))
    }

    mutating func line(
        x1: Double, y1: Double, x2: Double, y2: Double, stroke: String, width: Double = 1, marker: String? = nil
    ) {
        elements.append(
            "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" "
                + "y2=\"\(Self.number(y2))\" stroke=\"\(stroke)\" stroke-width=\"\(Self.number(width))\""
                + (marker.map { " marker-end=\"url(#\($0))\"" } ?? "") + "/>")
    }

    /// Text with its baseline at `y`; `turned` is read from bottom to top round its anchor.
    mutating func text(
        _ text: String, x: Double, y: Double, size: Double = 12, anchor: Anchor = .start, fill: String = "#333",
        bold: Bool = false, turned: Bool = false
    ) {
        elements.append(
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\""
                + (anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\"") + " fill=\"\(fill)\""
                + (bold ? " font-weight=\"bold\"" : "")
                + (turned ? " transform=\"rotate(-90 \(Self.number(x)) \(Self.number(y)))\"" : "")
                + ">\(Self.escaped(text))</text>")
    }

    /// Elements as they stand.
    mutating func raw(_ element: String) { elements.append(element) }

    /// The whole file.
    var document: String {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\" "
            + "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\" "
            + "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n"
            + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n" + elements.joined(separator: "\n")
            + "\n</svg>\n"
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing(
            "\"", with: "&quot;")
    }

    /// A coordinate with at most two decimals.
    static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "0" }
        let text = Figures.decimal(value, places: 2)
        guard text.contains(".") else { return text }
        let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(trimmed.reversed())
    }
}
