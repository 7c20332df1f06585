public import WeftProvider

/// How a provider that computes in host memory runs a row's nodes.
///
/// `make` is called once, off the hot path, for a node whose input shapes are fixed; what it returns is run many
/// times, by many runs at once, and keeps no state but its captures.
public struct HostKernel: Kernel {
    public typealias Body = @Sendable (borrowing HostInvocation) throws(WeftError) -> Void

    public let make: @Sendable (HostNode) throws(WeftError) -> Body

    public init(_ make: @escaping @Sendable (HostNode) throws(WeftError) -> Body) { self.make = make }
}

/// A node that is being compiled for the host.
public final class HostNode {
    public let view: NodeView
    public let variant: String
    public let device: String
    private let constants: any ConstantStore
    private(set) var takenInputs: Set<Int> = []

    init(_ view: NodeView, variant: String, device: String, constants: any ConstantStore) {
        self.view = view
        self.variant = variant
        self.device = device
        self.constants = constants
    }

    /// The packed form of a constant input, made once for all plans. The body then no longer gets the plain one.
    public func packed<P: Packed>(
        input index: Int, format: String, _ make: (Constant) throws(WeftError) -> P
    ) throws(WeftError) -> P {
        guard let constant = view.input(index)?.constant else {
            throw WeftError(.internalInconsistency, "input \(index) should be a constant", node: view.label)
        }
        takenInputs.insert(index)
        return try constants.packed(constant, on: device, format: format) { () throws(WeftError) in
            try make(constant)
        }
    }
}

/// One execution of a host kernel: its operands' memory, and the run's threads.
public struct HostInvocation: ~Copyable {
    let node: HostCompiledNode
    /// Inputs, then outputs.
    let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    let slots: [Int]
    let scratchBase: UnsafeMutableRawPointer?
    public let run: RunContext

    public var workers: any Workers { run.workers }

    /// The elements of an input. The operand must be there, and a tensor.
    @inline(__always)
    public func input<T>(_ index: Int, as type: T.Type = T.self) -> UnsafePointer<T> {
        guard let pointer = pointers[index] else { missing(index) }
        return UnsafePointer(pointer.assumingMemoryBound(to: T.self))
    }

    /// The elements of an input; nil where the operand is absent.
    @inline(__always)
    public func optionalInput<T>(_ index: Int, as type: T.Type = T.self) -> UnsafePointer<T>? {
        guard index < node.view.inputs.count, let pointer = pointers[index] else { return nil }
        return UnsafePointer(pointer.assumingMemoryBound(to: T.self))
    }

    /// The elements of an output whose shape was known when the node was compiled.
    @inline(__always)
    public func output<T>(_ index: Int, as type: T.Type = T.self) -> UnsafeMutablePointer<T> {
        guard let pointer = pointers[node.view.inputs.count + index] else { missing(node.view.inputs.count + index) }
        return pointer.assumingMemoryBound(to: T.self)
    }

    /// Scratch memory as the variant asked for it: `scratch` bytes shared, then `scratchPerWorker` for each worker.
    @inline(__always)
    public func scratch<T>(as type: T.Type = T.self) -> UnsafeMutablePointer<T> {
        guard let scratchBase else { missing(-1) }
        return scratchBase.assumingMemoryBound(to: T.self)
    }

    /// Where the first worker's part of the scratch memory begins, and the bytes from one worker's to the next's.
    public var workerScratch: (base: UnsafeMutableRawPointer?, stride: Int) {
        (scratchBase.map { $0 + node.scratch }, node.scratchPerWorker)
    }

    /// The part of the scratch memory that belongs to one worker.
    public func scratch<T>(worker: Int, as type: T.Type = T.self) -> UnsafeMutablePointer<T> {
        guard let scratchBase else { missing(-1) }
        return (scratchBase + node.scratch + worker * node.scratchPerWorker).assumingMemoryBound(to: T.self)
    }

    /// Memory for an output whose shape only this run knows.
    public func allocate<T>(
        output index: Int, shape: [Int], as type: T.Type = T.self
    ) throws(WeftError) -> UnsafeMutablePointer<T> {
        guard let element = node.view.outputType(index) else {
            throw WeftError(.internalInconsistency, "output \(index) is no tensor", node: node.view.label)
        }
        let tensor = try run.values.allocate(element, shape)
        try set(output: index, .tensor(tensor))
        guard let host = tensor.storage.host else { missing(node.view.inputs.count + index) }
        return host.assumingMemoryBound(to: T.self)
    }

    /// An input as a value that owns its memory; a tensor that lies in an arena is copied.
    public func value(input index: Int) throws(WeftError) -> Value {
        if let constant = node.view.input(index)?.constant { return try constant.value() }
        let slot = slots[index]
        if slot >= 0 { return try run.values.value(slot) }
        guard let operand = node.view.input(index), case .tensor(let type, .fixed(let shape)) = operand.type else {
            throw WeftError(.internalInconsistency, "input \(index) is absent", node: node.view.label)
        }
        let copy = try run.values.allocate(type, shape)
        copy.storage.host?.copyMemory(from: input(index, as: UInt8.self), byteCount: copy.storage.byteCount)
        return .tensor(copy)
    }

    /// Sets an output that is no tensor of known shape.
    public func set(output index: Int, _ value: Value) throws(WeftError) {
        let position = node.view.inputs.count + index
        guard position < slots.count, slots[position] >= 0 else {
            throw WeftError(.internalInconsistency, "output \(index) has a fixed place", node: node.view.label)
        }
        run.values.set(slots[position], value)
    }

    @inline(never)
    private func missing(_ index: Int) -> Never {
        preconditionFailure("\(node.view.label): operand \(index) has no memory")
    }
}
