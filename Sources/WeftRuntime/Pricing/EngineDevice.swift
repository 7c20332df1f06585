package import WeftProvider

/// A device that nodes may be placed on, in the order of the caller's preference.
package struct EngineDevice: Sendable {
    package let provider: any Provider
    package let description: DeviceDescription
    package let device: any Device
    package let rates: DeviceRates

    package init(
        provider: any Provider, description: DeviceDescription, device: any Device, rates: DeviceRates
    ) {
        self.provider = provider
        self.description = description
        self.device = device
        self.rates = rates
    }

    /// The cheapest of the variants that pass, with its price in seconds.
    func cheapest(
        _ variants: [Variant], where passes: (Variant) -> Bool = { _ in true }
    ) -> (variant: Variant, seconds: Double)? {
        var best: (variant: Variant, seconds: Double)?
        for variant in variants where passes(variant) {
            let seconds = rates.seconds(variant.work)
            if best.map({ seconds < $0.seconds }) ?? true { best = (variant, seconds) }
        }
        return best
    }
}

/// The caller's rules for placement.
package struct PlacementRules: Sendable {
    package enum Mode: String, Sendable { case cost, preference }

    package var mode: Mode
    /// How many of the engine's devices, from the front, `strict` lets nodes run on; nil where it is off.
    package var strictCount: Int?
    /// Node name patterns (`*` allowed) and the device they are pinned to.
    package var pins: [(pattern: String, device: Int)]

    package init(mode: Mode, strictCount: Int? = nil, pins: [(pattern: String, device: Int)] = []) {
        self.mode = mode
        self.strictCount = strictCount
        self.pins = pins
    }

    /// The device that a node's name is pinned to, the last pattern that fits deciding.
    func pinned(_ name: String) -> Int? { pins.last { Self.matches(Array($0.pattern.utf8), Array(name.utf8)) }?.device }

    /// Whether a name fits a pattern in which `*` stands for any run of characters.
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
