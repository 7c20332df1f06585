#if Vulkan
    import WeftProvider

    /// How a row's nodes become commands.
    struct VulkanKernel: Kernel {
        /// Called once for a node, off the hot path; throws only for our own mistakes and what the device refuses.
        let lower: @Sendable (Lowering) throws(WeftError) -> Void

        init(_ lower: @escaping @Sendable (Lowering) throws(WeftError) -> Void) { self.lower = lower }
    }

    /// A constant in device memory.
    final class DeviceConstant: Packed {
        let slice: DeviceSlice
        var byteCount: Int { slice.byteCount }

        init(_ slice: DeviceSlice) { self.slice = slice }
    }

    /// One node on its way to commands: what its kernel asks for operands, sizes and pipelines.
    final class Lowering {
        let node: NodeView
        /// The variant that the engine chose, as the row named it.
        let variant: String
        private let device: OpenDevice
        private let constants: any ConstantStore
        private let statusIndex: Int
        private(set) var commands: [Command] = []
        /// Whether the node may report a data fault.
        private(set) var usesStatus = false

        init(
            _ node: NodeView, _ variant: String, on device: OpenDevice, constants: any ConstantStore,
            statusIndex: Int
        ) {
            self.node = node
            self.variant = variant
            self.device = device
            self.constants = constants
            self.statusIndex = statusIndex
        }

        var description: DeviceDescription { device.description }

        // MARK: Operands

        /// An input that must be there: a value, or a constant's plain bytes on the device.
        func input(_ index: Int) throws(WeftError) -> Resource {
            guard let operand = node.input(index) else {
                throw WeftError(.internalInconsistency, "input \(index) is absent", node: node.label)
            }
            guard let constant = operand.constant else { return .value(operand.value) }
            return try packed(constant, "plain") { bytes, store throws(WeftError) in try store(bytes) }
        }

        func output(_ index: Int = 0) throws(WeftError) -> Resource {
            guard let operand = node.output(index) else {
                throw WeftError(.internalInconsistency, "output \(index) is absent", node: node.label)
            }
            return .value(operand.value)
        }

        /// A constant input in a form of the kernel's own; all nodes that ask for the same form share it.
        func packed<T: BitwiseCopyable>(
            input index: Int, _ format: String, _ make: (UnsafeRawBufferPointer) throws(WeftError) -> [T]
        ) throws(WeftError) -> Resource {
            guard let constant = node.input(index)?.constant else {
                throw WeftError(.internalInconsistency, "input \(index) should be a constant", node: node.label)
            }
            return try packed(constant, format) { bytes, store throws(WeftError) in
                try Self.withBytes(of: try make(bytes), store)
            }
        }

        private typealias Store = (UnsafeRawBufferPointer) throws(WeftError) -> DeviceSlice

        private func packed(
            _ constant: Constant, _ format: String,
            _ make: (UnsafeRawBufferPointer, Store) throws(WeftError) -> DeviceSlice
        ) throws(WeftError) -> Resource {
            let heap = device.constants
            let own = "\(format)#\(device.logical.serial)"
            let form = try constants.packed(constant, on: description.id, format: own) {
                () throws(WeftError) -> DeviceConstant in
                let slice = try constant.withBytes { bytes throws(WeftError) in
                    try make(bytes) { packed throws(WeftError) in try heap.upload(packed) }
                }
                return DeviceConstant(slice)
            }
            return .fixed(form.slice)
        }

        /// A small table of this node alone.
        func table<T: BitwiseCopyable>(_ elements: [T]) throws(WeftError) -> Resource {
            let heap = device.constants
            return .fixed(
                try Self.withBytes(of: elements) { bytes throws(WeftError) in try heap.upload(bytes) })
        }

        /// The standard library's `withUnsafeBytes` does not keep the error's type.
        private static func withBytes<T: BitwiseCopyable>(
            of elements: [T], _ body: Store
        ) throws(WeftError) -> DeviceSlice {
            let result = elements.withUnsafeBytes { bytes -> Result<DeviceSlice, WeftError> in
                do throws(WeftError) { return .success(try body(bytes)) } catch { return .failure(error) }
            }
            return try result.get()
        }

        /// The word that a shader sets where it meets an index out of range.
        func status() -> Resource {
            usesStatus = true
            return .status(statusIndex)
        }

        // MARK: Commands

        /// A dispatch over an explicit grid; the workgroup size comes first among the constants.
        func dispatch(
            _ shader: String, workgroup: Int, _ constants: [UInt32], _ bindings: [Binding], push: [UInt32],
            grid: Grid
        ) throws(WeftError) {
            guard ShaderTable.shared[shader] != nil else {
                throw WeftError(.internalInconsistency, "no shader \(shader) in CWeftShaders; run scripts/shaders")
            }
            let key = PipelineKey(shader: shader, constants: [UInt32(workgroup)] + constants)
            commands.append(.dispatch(key, bindings, push: push, grid: grid))
        }

        /// One invocation for each of `count` elements.
        func dispatch(
            _ shader: String, _ constants: [UInt32], _ bindings: [Binding], push: [UInt32], elements count: Int
        ) throws(WeftError) {
            let size = linearWorkgroup
            try dispatch(
                shader, workgroup: size, constants, bindings, push: push,
                grid: .linear(ceilDivide(count, size), limit: groupLimit))
        }

        /// One workgroup for each of `count` rows.
        func dispatch(
            _ shader: String, _ constants: [UInt32], _ bindings: [Binding], push: [UInt32], rows count: Int
        ) throws(WeftError) {
            try dispatch(
                shader, workgroup: rowWorkgroup, constants, bindings, push: push,
                grid: .linear(count, limit: groupLimit))
        }

        func copy(
            _ source: Resource, from: Int = 0, to target: Resource, at: Int = 0, byteCount: Int
        ) {
            commands.append(.copy(source, from: from, to: target, at: at, byteCount: byteCount))
        }

        // MARK: Sizes that the device decides

        var groupLimit: Int { description.limit(DeviceLimit.groupCount) }

        private func workgroup(_ wish: Int) -> Int {
            max(1, min(wish, description.limit(DeviceLimit.invocations), description.limit(DeviceLimit.groupSize)))
        }

        /// Invocations of a workgroup where each does one element.
        var linearWorkgroup: Int { workgroup(256) }

        /// Invocations that share a row: on the host's cores one subgroup, which needs no real barrier.
        var rowWorkgroup: Int {
            workgroup(description.usesHostCores ? description.limit(DeviceLimit.subgroup) : 128)
        }

        /// Invocations of a workgroup whose members keep a tile of results in registers.
        var tileWorkgroup: Int {
            workgroup(description.usesHostCores ? description.limit(DeviceLimit.subgroup) : 64)
        }
    }

    extension Float {
        /// The bits, as push constants carry them.
        var word: UInt32 { bitPattern }
    }
#endif
