public import WeftProvider

/// The host as a device. It runs segments of a provider whose rows have `HostKernel`s.
public final class HostDevice: Device {
    public let description: DeviceDescription
    private let provider: any Provider

    /// A device of this description for the provider's rows.
    public init(_ description: DeviceDescription, provider: any Provider) {
        self.description = description
        self.provider = provider
    }

    /// Allocates zeroed host memory; both kinds of memory are the same here.
    public func allocate(_ byteCount: Int, _ kind: MemoryKind) throws(WeftError) -> any Buffer {
        try HostBuffer(byteCount: byteCount, zeroed: true)
    }

    /// Compiles each node with the kernel of its variant, or else of the provider's row for it.
    ///
    /// Throws `.internalInconsistency` if no row runs a node or its kernel is not a `HostKernel`, else what kernels
    /// throw.
    public func compile(_ segment: Segment, constants: any ConstantStore) throws(WeftError) -> any CompiledSegment {
        var nodes: [HostCompiledNode] = []
        nodes.reserveCapacity(segment.graph.nodes.count)
        for (view, variant) in zip(segment.graph.nodes, segment.variants) {
            guard let kernel = (variant.kernel ?? provider.row(for: view, on: description)?.kernel) as? HostKernel
            else {
                throw WeftError(
                    .internalInconsistency, "provider \(provider.name) was given a node that it does not run",
                    node: view.label)
            }
            do {
                nodes.append(
                    try HostCompiledNode(
                        view, kernel: kernel, variant: variant, device: description, constants: constants))
            } catch {
                throw error.at(node: view.label)
            }
        }
        return HostCompiledSegment(nodes)
    }

    /// Returns at once: work is done when `submit` returns.
    public func wait(_ point: TimelinePoint, deadline: ContinuousClock.Instant?) throws(WeftError) {}
}

/// A compiled node: its body, and the constants that the body reads without packing them.
final class HostCompiledNode: Sendable {
    let view: NodeView
    let body: HostKernel.Body
    let scratch: Int
    let scratchPerWorker: Int
    /// The constants by input position, in the layouts of their operands. Keeps their memory alive.
    let constants: [Int: Tensor]

    init(
        _ view: NodeView, kernel: HostKernel, variant: Variant, device: DeviceDescription,
        constants store: any ConstantStore
    ) throws(WeftError) {
        let node = HostNode(view, variant: variant.name, device: device.id, constants: store)
        self.view = view
        body = try kernel.make(node)
        scratch = variant.scratch
        scratchPerWorker = variant.scratchPerWorker
        var plain: [Int: Tensor] = [:]
        for (index, operand) in view.inputs.enumerated() {
            guard let constant = operand?.constant, constant.elementType != .string, !node.takenInputs.contains(index)
            else { continue }
            let packed = try store.packed(constant, on: device.id, format: "plain") { () throws(WeftError) in
                PackedBuffer(try constant.storage())
            }
            plain[index] = Tensor(elementType: constant.elementType, shape: constant.shape, storage: packed.view)
        }
        self.constants = plain
    }
}

final class HostCompiledSegment: CompiledSegment {
    private let nodes: [HostCompiledNode]

    init(_ nodes: [HostCompiledNode]) { self.nodes = nodes }

    func bind(_ places: [Int: Place], scratch: BufferView?) throws(WeftError) -> any BoundSegment {
        try HostBoundSegment(nodes, places: places, scratch: scratch)
    }
}

/// Compiled nodes with the addresses of their operands.
///
///     pointers: | node 0: inputs, outputs | node 1: inputs, outputs | …
final class HostBoundSegment: BoundSegment {
    private struct Entry {
        let node: HostCompiledNode
        let first: Int
        /// The slot of each operand; -1 for an operand at a fixed address or an absent one.
        let slots: [Int]
        /// Positions of the operands in slots, whose addresses are looked up in each run.
        let dynamic: [Int]
    }

    private let entries: [Entry]
    private let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private let views: [BufferView]
    private let scratch: BufferView?

    init(_ nodes: [HostCompiledNode], places: [Int: Place], scratch: BufferView?) throws(WeftError) {
        var entries: [Entry] = []
        var table: [UnsafeMutableRawPointer?] = []
        var views: [BufferView] = []
        for node in nodes {
            let first = table.count
            var slots: [Int] = []
            for (position, operand) in (node.view.inputs + node.view.outputs).enumerated() {
                var pointer: UnsafeMutableRawPointer?
                var slot = -1
                if position < node.view.inputs.count, operand?.constant != nil {
                    pointer = node.constants[position]?.storage.host
                } else if let operand {
                    switch places[operand.value] {
                    case .planned(let view, let staging):
                        // A value that is transferred to or from a device lies in its staging buffer, which both
                        // can reach.
                        let visible = staging ?? view
                        pointer = visible.host
                        views.append(visible)
                    case .dynamic(let number): slot = number
                    case nil:
                        throw WeftError(
                            .internalInconsistency, "value \(operand.value) has no place", node: node.view.label)
                    }
                }
                table.append(pointer)
                slots.append(slot)
            }
            entries.append(
                Entry(node: node, first: first, slots: slots, dynamic: slots.indices.filter { slots[$0] >= 0 }))
        }
        self.entries = entries
        self.views = views
        self.scratch = scratch
        pointers = .allocate(capacity: Swift.max(table.count, 1))
        pointers.initialize(from: table, count: table.count)
    }

    deinit { pointers.deallocate() }

    func submit(_ run: borrowing RunContext) throws(WeftError) -> TimelinePoint {
        if let spans = run.spans { return try submit(run, reportingTo: spans) }
        for entry in entries { try execute(entry, run) }
        return .done
    }

    @inline(__always)
    private func execute(_ entry: Entry, _ run: borrowing RunContext) throws(WeftError) {
        try run.workers.checkCancellation()
        let operands = pointers + entry.first
        for position in entry.dynamic { operands[position] = run.values.pointer(entry.slots[position]) }
        do {
            try entry.node.body(
                HostInvocation(
                    node: entry.node, pointers: operands, slots: entry.slots, scratchBase: scratch?.host,
                    run: copy run))
        } catch {
            throw error.at(node: entry.node.view.label)
        }
    }

    @inline(never)
    private func submit(
        _ run: borrowing RunContext, reportingTo sink: any SegmentSpanSink
    ) throws(WeftError) -> TimelinePoint {
        var spans: [SegmentSpan] = []
        spans.reserveCapacity(entries.count)
        defer { sink.record(spans, on: .host) }
        for (index, entry) in entries.enumerated() {
            let start = HostClock.nanoseconds
            try execute(entry, run)
            spans.append(SegmentSpan(.node(index), start: start, end: HostClock.nanoseconds))
        }
        return .done
    }
}

// Only `bind` and `submit` write addresses, and one run at a time uses the segment.
extension HostBoundSegment: @unchecked Sendable {}
