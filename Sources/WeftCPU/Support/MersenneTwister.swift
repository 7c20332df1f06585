/// The generator of Matsumoto and Nishimura with a period of 2^19937 - 1: the same numbers for the same seed everywhere.
struct MersenneTwister: RandomNumberGenerator {
    private var state: [UInt32]
    private var position: Int

    private static let size = 624
    private static let middle = 397

    init(seed: UInt32) {
        state = [seed]
        for index in 1..<Self.size {
            let last = state[index - 1]
            state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(index))
        }
        position = Self.size
    }

    /// Seeded by a node's `seed`, or by the system where that is absent.
    init(seed: Float?) {
        guard let seed else {
            var system = SystemRandomNumberGenerator()
            self.init(seed: UInt32.random(in: 0...UInt32.max, using: &system))
            return
        }
        self.init(seed: UInt32(exactly: seed) ?? seed.bitPattern)
    }

    private mutating func word() -> UInt32 {
        if position == Self.size {
            for index in 0..<Self.size {
                let mixed = state[index] & 0x8000_0000 | state[(index + 1) % Self.size] & 0x7fff_ffff
                let turned = mixed >> 1 ^ (mixed & 1 == 0 ? 0 : 0x9908_b0df)
                state[index] = state[(index + Self.middle) % Self.size] ^ turned
            }
            position = 0
        }
        var word = state[position]
        position += 1
        word ^= word >> 11
        word ^= word << 7 & 0x9d2c_5680
        word ^= word << 15 & 0xefc6_0000
        return word ^ word >> 18
    }

    mutating func next() -> UInt64 { UInt64(word()) << 32 | UInt64(word()) }

    /// A number from 0 up to 1, which is left out, with 53 random bits.
    mutating func uniform() -> Double {
        let (high, low) = (word() >> 5, word() >> 6)
        return (Double(high) * 67_108_864 + Double(low)) / 9_007_199_254_740_992
    }

    /// A number of the standard normal distribution, by the polar method.
    mutating func normal() -> Double {
        while true {
            let (x, y) = (2 * uniform() - 1, 2 * uniform() - 1)
            let square = x * x + y * y
            guard square < 1, square > 0 else { continue }
            return y * (-2 * square.logarithm / square).squareRoot()
        }
    }
}
