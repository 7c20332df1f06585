import WeftPlacement
package import WeftProvider

/// A piece of memory of a context: the host's arena, or a memory space's own memory or staging.
package struct Arena: Sendable {
    /// The device that allocates it, the first one of its memory space; nil for the host.
    package let device: Int?
    package let kind: MemoryKind
    package let bytes: Int
}

/// A range of bytes in an arena; `offset` and `bytes` are in bytes.
package struct Spot: Hashable, Sendable {
    package let arena: Int
    package let offset: Int
    package let bytes: Int
}

/// Collects memory blocks with lifetimes, and assigns them offsets in arenas, one arena for each kind.
///
/// A memory block is a range of bytes that is reserved from its first to its last moment.
package struct MemoryPlan {
    package enum Kind: Hashable {
        case host
        /// A device's own memory, by space.
        case local(Int)
        /// A device's own memory that the host reads and writes as well, by space.
        case shared(Int)
        /// Staging: a buffer that the host and the device can both access, by space.
        case staging(Int)
    }

    private struct Block {
        let kind: Kind
        let bytes: Int
        let first: Int
        var last: Int
    }

    /// All arenas, and the spot of each memory block.
    package struct Layout {
        package let arenas: [Arena]
        package let spots: [Spot]
    }

    private let devices: [EngineDevice]
    private var blocks: [Block] = []
    private var blockOf: [Int: Int] = [:]

    package init(devices: [EngineDevice]) { self.devices = devices }

    /// Adds a memory block of a size in bytes, alive from moment `first` to `last` inclusive; returns its number.
    package mutating func block(_ kind: Kind, _ bytes: Int, _ first: Int, _ last: Int) -> Int {
        blocks.append(Block(kind: kind, bytes: bytes, first: first, last: max(first, last)))
        return blocks.count - 1
    }

    mutating func extend(_ block: Int, to last: Int) { blocks[block].last = max(blocks[block].last, last) }

    /// Records the memory block of the host's arena that a value has.
    package mutating func note(_ value: Int, _ block: Int?) { blockOf[value] = block }
    package func block(of value: Int) -> Int? { blockOf[value] }
    package func end(of block: Int) -> Int { blocks[block].last }

    /// Assigns offsets: memory blocks of one kind whose lifetimes do not overlap may share bytes.
    ///
    /// Throws `.outOfMemory` if sizes overflow or an arena is larger than a device allocates at once.
    func layOut() throws(WeftError) -> Layout {
        var arenas: [Arena] = []
        var spots = [Spot](repeating: .init(arena: 0, offset: 0, bytes: 0), count: blocks.count)
        var kinds: [Kind] = []
        for block in blocks where !kinds.contains(block.kind) { kinds.append(block.kind) }
        for kind in kinds {
            let members = blocks.indices.filter { blocks[$0].kind == kind }
            let values = members.map {
                ArenaValue(bytes: blocks[$0].bytes, firstStep: blocks[$0].first, lastStep: blocks[$0].last)
            }
            let (device, memory): (Int?, MemoryKind) =
                switch kind {
                case .host: (nil, .deviceLocal)
                case .local(let space), .shared(let space): (space - 1, .deviceLocal)
                case .staging(let space): (space - 1, .hostVisible)
                }
            let sharing = device.map { devices.sharing(memoryOf: $0) } ?? []
            let alignment = sharing.reduce(ArenaLayout.alignment) { max($0, $1.alignment) }
            guard let layout = ArenaLayout.smallest(values, alignment: alignment) else {
                throw WeftError(.outOfMemory, "the plan's values are larger than memory can be")
            }
            if let tight = sharing.min(by: { $0.maxAllocation < $1.maxAllocation }), layout.bytes > tight.maxAllocation
            {
                throw WeftError(
                    .outOfMemory,
                    "the plan needs \(layout.bytes) bytes on \(tight.id), which gives at most \(tight.maxAllocation)",
                    hint: "place fewer nodes there, or run smaller inputs")
            }
            for (index, member) in members.enumerated() {
                spots[member] = .init(
                    arena: arenas.count, offset: layout.offsets[index], bytes: blocks[member].bytes)
            }
            arenas.append(.init(device: device, kind: memory, bytes: layout.bytes))
        }
        return Layout(arenas: arenas, spots: spots)
    }
}
