public import WeftProvider

/// The kernel of a row whose nodes run in host memory.
///
/// `make` compiles a node whose input shapes are fixed; it is called once for a node of a plan. The body that it
/// returns is run many times, by several runs at once, and keeps no state except for what it captured.
public struct HostKernel: Kernel {
    /// Runs a node once.
    public typealias Body = @Sendable (borrowing HostInvocation) throws(WeftError) -> Void

    /// Compiles a node and returns its body.
    public let make: @Sendable (HostNode) throws(WeftError) -> Body

    /// A kernel that compiles nodes with `make`.
    public init(_ make: @escaping @Sendable (HostNode) throws(WeftError) -> Body) { self.make = make }
}

/// A node while it is compiled for the host.
public final class HostNode {
    /// The node.
    public let view: NodeView
    /// The name of the variant that was chosen.
    public let variant: String
    /// The id of the device.
    public let device: String
    private let constants: any ConstantStore
    private(set) var takenInputs: Set<Int> = []

    init(_ view: NodeView, variant: String, device: String, constants: any ConstantStore) {
        self.view = view
        self.variant = variant
        self.device = device
        self.constants = constants
    }

    /// The packed form of a constant input, which all plans of a session share. `make` makes it if there is none yet.
    ///
    /// The body then has no access to the plain constant. Throws what `make` throws, and `.internalInconsistency`
    /// if the input is not a constant.
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

/// One execution of a host kernel: the memory of its operands, and the run's threads.
public struct HostInvocation: ~Copyable {
    let node: HostCompiledNode
    /// The addresses of the inputs, then of the outputs; nil for absent operands and values that are no tensors.
    let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    let slots: [Int]
    let scratchBase: UnsafeMutableRawPointer?
    /// The run's slots and threads.
    public let run: RunContext

    /// The threads that the kernel may use.
    public var workers: any Workers { run.workers }

    /// The elements of an input, which must be present and a tensor.
    @inline(__always)
    public func input<T>(_ index: Int, as type: T.Type = T.self) -> UnsafePointer<T> {
        guard let pointer = pointers[index] else { missing(index) }
        return UnsafePointer(pointer.assumingMemoryBound(to: T.self))
    }

    /// The elements of an input; nil if it is absent.
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

    /// The scratch memory of the size that the variant asks for: `scratch` bytes, then `scratchPerWorker` for each
    /// worker.
    @inline(__always)
    public func scratch<T>(as type: T.Type = T.self) -> UnsafeMutablePointer<T> {
        guard let scratchBase else { missing(-1) }
        return scratchBase.assumingMemoryBound(to: T.self)
    }

    /// The address of the first worker's scratch memory, and the bytes from one worker's to the next one's.
    public var workerScratch: (base: UnsafeMutableRawPointer?, stride: Int) {
        (scratchBase.map { $0 + node.scratch }, node.scratchPerWorker)
    }

    /// The scratch memory of one worker.
    public func scratch<T>(worker: Int, as type: T.Type = T.self) -> UnsafeMutablePointer<T> {
        guard let scratchBase else { missing(-1) }
        return (scratchBase + node.scratch + worker * node.scratchPerWorker).assumingMemoryBound(to: T.self)
    }

    /// Allocates an output whose shape is known only in this run, and returns its elements. Throws `.outOfMemory`.
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

    /// An input as a value with memory of its own; a tensor at a fixed address is copied. Throws if it is absent.
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

    /// Sets an output in a slot: a value that is not a tensor of known shape. Throws if the output has a fixed address.
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
