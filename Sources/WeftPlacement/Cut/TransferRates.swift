/// What it costs to bring one tensor from any space to any other, in seconds.
///
/// Zero from a space to itself; `.infinity` where no link leads there.
package struct TransferPrices: Sendable, Equatable {
    package let spaces: Int
    /// From space 0 to 1 and from 1 to 0, where there are two spaces: most values then need no memory of their own.
    private var there = 0.0
    private var back = 0.0
    /// All pairs, row by row, where there are more than two spaces.
    private var table: [Double] = []

    /// All prices are zero, as for a tensor that moves for free.
    package init(spaces: Int) {
        self.spaces = spaces
        if spaces > 2 { table = Array(repeating: 0, count: spaces * spaces) }
    }

    package init(spaces: Int, _ price: (_ from: Int, _ to: Int) -> Double) {
        self.init(spaces: spaces)
        for from in 0..<spaces { for to in 0..<spaces where to != from { self[from, to] = price(from, to) } }
    }

    package subscript(from: Int, to: Int) -> Double {
        get {
            if spaces > 2 { return table[from * spaces + to] }
            precondition(from >= 0 && to >= 0 && max(from, to) < spaces, "the space does not exist")
            return from == to ? 0 : from == 0 ? there : back
        }
        set {
            precondition(from >= 0 && to >= 0 && max(from, to) < spaces, "the space does not exist")
            if from == to { return }
            if spaces > 2 {
                table[from * spaces + to] = newValue
            } else if from == 0 {
                there = newValue
            } else {
                back = newValue
            }
        }
    }

    /// Appends all pairs, row by row. Appends nothing and returns false if they are for another number of spaces.
    package func append(to prices: inout [Double], spaces: Int) -> Bool {
        guard spaces == self.spaces else { return false }
        switch spaces {
        case 2:
            prices.append(0)
            prices.append(there)
            prices.append(back)
            prices.append(0)
        case 1: prices.append(0)
        default: prices.append(contentsOf: table)
        }
        return true
    }
}

/// Latency and bandwidth of every ordered pair of spaces.
///
/// A pair has no link until it is given one.
package struct TransferRates: Sendable {
    /// One direction between two spaces: seconds before the first byte, and bytes per second after it.
    package struct Link: Sendable, Equatable {
        package var latency: Double
        package var bytesPerSecond: Double
        /// The spread of the measurements as a share of the time; nil where nothing was measured.
        package var spread: Double?
        /// Measured seconds for tensors of certain sizes in bytes.
        package var known: [Int: Double] = [:]

        package init(latency: Double, bytesPerSecond: Double, spread: Double? = nil) {
            self.latency = latency
            self.bytesPerSecond = bytesPerSecond
            self.spread = spread
        }

        package func seconds(bytes: Int) -> Double {
            known[bytes] ?? latency + Double(bytes) / bytesPerSecond
        }
    }

    package let spaces: Int
    private var links: [Link?]

    package init(spaces: Int) {
        self.spaces = spaces
        links = Array(repeating: nil, count: spaces * spaces)
    }

    package subscript(from: Int, to: Int) -> Link? {
        get { links[from * spaces + to] }
        set { links[from * spaces + to] = newValue }
    }

    /// Gives every pair without a link of its own one through `hub`: two copies, one after the other.
    package mutating func route(through hub: Int) {
        for from in 0..<spaces where from != hub {
            for to in 0..<spaces where to != hub && to != from && self[from, to] == nil {
                guard let first = self[from, hub], let second = self[hub, to] else { continue }
                self[from, to] = Link(
                    latency: first.latency + second.latency,
                    bytesPerSecond: 1 / (1 / first.bytesPerSecond + 1 / second.bytesPerSecond))
            }
        }
    }

    /// The prices of a tensor of `bytes` that is moved `times` times in a run, as loops do with carried values.
    package func prices(bytes: Int, times: Double = 1) -> TransferPrices {
        TransferPrices(spaces: spaces) { from, to in (self[from, to]?.seconds(bytes: bytes) ?? .infinity) * times }
    }
}
