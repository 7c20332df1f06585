import WeftRuntime

@testable import WeftPlacement

/// Runs a plan's steps over made-up bytes, every access checked, work of other lanes as early or as late as it may be.
///
/// A node mixes all bytes of its operands into each byte of its results, byte by byte in place; one on a device that
/// does not run it makes nonsense. A value's contents thus tell whether everything came to it in time and whole.
struct PlanInterpreter {
    enum Fault: Error { case outside, absent }

    /// When steps of lanes but the first take effect: at once, when somebody has to wait for them, or anywhere between.
    enum Schedule { case early, late, random(Int) }

    private struct Key: Hashable {
        let value: Int
        let space: Int
    }

    private let plan: PlanDescription
    private let sizes: [Int]
    /// All memory there is: arenas, then values that own theirs.
    private var memory: [UInt32] = []
    private var arenas: [Int: Range<Int>] = [:]
    private var owned: [Key: Int] = [:]
    private var places: [Key: PlanDescription.Place] = [:]

    /// `sizes` are the bytes that the kernels take each value to have, `arenas` the memory that there is.
    init(_ plan: PlanDescription, sizes: [Int], arenas: [Int: Int]) {
        self.plan = plan
        self.sizes = sizes
        for (arena, bytes) in arenas.sorted(by: { $0.key < $1.key }) {
            self.arenas[arena] = memory.count..<memory.count + bytes
            memory.append(contentsOf: repeatElement(0xdead, count: bytes))
        }
        for place in plan.places { places[Key(value: place.value, space: place.space)] = place }
    }

    private static func mix(_ a: UInt32, _ b: UInt32) -> UInt32 {
        let mixed = (UInt64(a) &* 0x9E37_79B9 &+ UInt64(b) &+ 0x7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
        return UInt32(truncatingIfNeeded: mixed >> 29)
    }

    /// What a graph input or constant holds.
    private static func given(_ value: Int, _ size: Int) -> [UInt32] {
        (0..<size).map { mix(UInt32(value + 1), UInt32($0)) }
    }

    /// The contents of what is wanted, in order of values and spaces. Throws where an access is out of bounds, or reads
    /// what has neither a place nor been made.
    mutating func run(_ schedule: Schedule) throws -> [[UInt32]] {
        for (index, value) in plan.values.enumerated() {
            for space in value.given { try write(index, space, Self.given(index, sizes[index])) }
        }
        var random = PartitioningRandom(seed: 1)
        if case .random(let seed) = schedule { random = PartitioningRandom(seed: seed) }
        /// Steps that were begun and have not taken effect, by lane.
        var queues: [Int: [Int]] = [:]
        func drain(_ lane: Int, _ count: Int) throws {
            for step in queues[lane, default: []].prefix(count) { try execute(step) }
            queues[lane]?.removeFirst(count)
        }
        for (index, step) in plan.steps.enumerated() {
            for lane in queues.keys.sorted() {
                let queue = queues[lane] ?? []
                let due = queue.lastIndex { (plan.steps[$0].awaitedBy ?? 0) <= index }.map { $0 + 1 } ?? 0
                var count = due
                switch schedule {
                case .early: count = queue.count
                case .late: break
                case .random: count = Int.random(in: due...queue.count, using: &random)
                }
                try drain(lane, count)
            }
            if step.lane == 0 { try execute(index) } else { queues[step.lane, default: []].append(index) }
        }
        for lane in queues.keys.sorted() { try drain(lane, queues[lane]?.count ?? 0) }
        var outputs: [[UInt32]] = []
        for (index, value) in plan.values.enumerated() {
            for space in value.wanted { outputs.append(try read(index, space)) }
        }
        return outputs
    }

    private mutating func execute(_ step: Int) throws {
        switch plan.steps[step].action {
        case .transfer(let value, let from, let to): try write(value, to, try read(value, from))
        case .run(let number):
            let node = plan.nodes[number]
            var digest = UInt32(number + 7)
            if let device = node.device, !node.able.contains(device) { digest = 0xbad }
            var operands: [[UInt32]] = []
            for operand in node.operands { operands.append(try read(operand, node.space)) }
            for byte in operands.joined() { digest = Self.mix(digest, byte) }
            let sources = try node.operands.filter { sizes[$0] > 0 }.map { try home($0, node.space) }
            for (position, result) in node.results.enumerated() {
                let target = try begin(result, node.space)
                for index in 0..<sizes[result] {
                    var byte = Self.mix(digest, UInt32(index + position * 1000))
                    // Read when its turn comes: what was written over in the meantime shows.
                    for source in sources { byte = Self.mix(byte, memory[source.base + index % source.size]) }
                    memory[target.base + index] = byte
                }
            }
        }
    }

    // MARK: Memory

    /// Where a value's bytes are. Throws unless the place and its arena hold all of them.
    private func home(_ value: Int, _ space: Int) throws -> (base: Int, size: Int) {
        let key = Key(value: value, space: space)
        if let place = places[key] {
            guard let arena = arenas[place.arena], sizes[value] <= place.bytes, place.offset >= 0,
                place.offset + sizes[value] <= arena.count
            else { throw Fault.outside }
            return (arena.lowerBound + place.offset, sizes[value])
        }
        guard let base = owned[key] else { throw Fault.absent }
        return (base, sizes[value])
    }

    private func read(_ value: Int, _ space: Int) throws -> [UInt32] {
        let (base, size) = try home(value, space)
        return Array(memory[base..<base + size])
    }

    private mutating func write(_ value: Int, _ space: Int, _ bytes: [UInt32]) throws {
        let base = try begin(value, space).base
        for (index, byte) in bytes.enumerated() { memory[base + index] = byte }
    }

    /// The place to write to; memory of its own for a value that has none.
    private mutating func begin(_ value: Int, _ space: Int) throws -> (base: Int, size: Int) {
        let key = Key(value: value, space: space)
        if places[key] == nil, owned[key] == nil {
            owned[key] = memory.count
            memory.append(contentsOf: repeatElement(0, count: sizes[value]))
        }
        return try home(value, space)
    }
}
