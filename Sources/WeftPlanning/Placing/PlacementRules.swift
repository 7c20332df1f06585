/// The caller's rules for placement.
package struct PlacementRules: Sendable {
    package enum Mode: String, Sendable { case cost, preference }

    package var mode: Mode
    /// How many of the engine's devices, from the first, strict rules allow; nil if the rules are not strict.
    package var strictCount: Int?
    /// Patterns of node names, in which `*` stands for any characters, with the device that they are pinned to.
    package var pins: [(pattern: String, device: Int)]

    package init(mode: Mode, strictCount: Int? = nil, pins: [(pattern: String, device: Int)] = []) {
        self.mode = mode
        self.strictCount = strictCount
        self.pins = pins
    }

    /// The same rules for some of the devices, without pins to other devices and without strictness.
    package func keeping(_ devices: [Int]) -> PlacementRules {
        let kept = pins.compactMap { pin in devices.firstIndex(of: pin.device).map { (pin.pattern, $0) } }
        return PlacementRules(mode: mode, pins: kept)
    }

    /// The device that a node's name is pinned to: that of the last pattern that matches; nil if none does.
    package func pinned(_ name: String) -> Int? { pin(name)?.device }

    /// The last pattern that matches a node's name; nil if none does.
    package func pattern(for name: String) -> String? { pin(name)?.pattern }

    private func pin(_ name: String) -> (pattern: String, device: Int)? {
        if pins.isEmpty { return nil }
        let bytes = Array(name.utf8)
        return pins.last { Self.matches(Array($0.pattern.utf8), bytes) }
    }

    /// Whether a name matches a pattern in which `*` stands for any number of any characters.
    static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        var p = 0, n = 0, star = -1, mark = 0
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = p
                mark = n
                p += 1
            } else if p < pattern.count, pattern[p] == name[n] {
                p += 1
                n += 1
            } else if star >= 0 {
                p = star + 1
                mark += 1
                n = mark
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
