/// What it costs to bring one tensor from any space to any other, in seconds.
///
/// Zero from a space to itself; `.infinity` where no way leads.
package struct TransferPrices: Sendable, Equatable {
    package let spaces: Int
    private var seconds: [Double]

    /// Nothing costs anything: the prices of a tensor that is free to move.
    package init(spaces: Int) {
        self.spaces = spaces
        seconds = Array(repeating: 0, count: spaces * spaces)
    }

    package init(spaces: Int, _ price: (_ from: Int, _ to: Int) -> Double) {
        self.init(spaces: spaces)
        for from in 0..<spaces {
            for to in 0..<spaces where to != from { seconds[from * spaces + to] = price(from, to) }
        }
    }

    package subscript(from: Int, to: Int) -> Double {
        get { seconds[from * spaces + to] }
        set { if from != to { seconds[from * spaces + to] = newValue } }
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
        /// How far measurements lie apart, as a share; nil where nothing was measured.
        package var spread: Double?

        package init(latency: Double, bytesPerSecond: Double, spread: Double? = nil) {
            self.latency = latency
            self.bytesPerSecond = bytesPerSecond
            self.spread = spread
        }

        package func seconds(bytes: Int) -> Double { latency + Double(bytes) / bytesPerSecond }
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

    /// Links every pair that has no link of its own by way of `hub`, one copy after the other.
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

    /// The prices of a tensor of `bytes` that is moved `times` in a run, as one carried round a loop is.
    package func prices(bytes: Int, times: Double = 1) -> TransferPrices {
        TransferPrices(spaces: spaces) { from, to in (self[from, to]?.seconds(bytes: bytes) ?? .infinity) * times }
    }
}
