/// Colours that also those tell apart who see no red or no green (after Okabe and Ito).
enum Palette {
    private static let known = [
        "cpu": "#8a8f98", "openblas": "#0072b2", "vulkan": "#d55e00", "mixed": "#009e73", "plan": "#009e73",
        "engine": "#cc79a7",
        "host": "#8a8f98",
    ]
    private static let others = ["#e69f00", "#56b4e9", "#b8a500", "#7a5195", "#4c9f70", "#a05195"]

    /// A colour for each name, the same whenever the names are.
    static func colours(_ names: [String]) -> [String: String] {
        var colours: [String: String] = [:]
        var next = 0
        for name in names where colours[name] == nil {
            if let colour = known[name] {
                colours[name] = colour
            } else {
                colours[name] = others[next % others.count]
                next += 1
            }
        }
        return colours
    }
}
