#if Vulkan
    /// Memory that a command names before it is known which arena it will run in.
    enum Resource: Sendable {
        /// A value of the segment's graph.
        case value(Int)
        /// Memory that all runs share: a constant, a table.
        case fixed(DeviceSlice)
        /// A node's status word.
        case status(Int)
    }

    /// A resource as one binding of a dispatch.
    struct Binding: Sendable {
        let resource: Resource
        let writes: Bool

        static func read(_ resource: Resource) -> Binding { Binding(resource: resource, writes: false) }
        static func write(_ resource: Resource) -> Binding { Binding(resource: resource, writes: true) }
    }

    /// What a compiled segment does, to be recorded once for every arena.
    enum Command: Sendable {
        case dispatch(PipelineKey, [Binding], push: [UInt32], grid: Grid)
        /// Copies bytes from one resource to another; nothing where both are the same memory.
        case copy(Resource, from: Int, to: Resource, at: Int, byteCount: Int)

        /// What profiles call it.
        var name: String {
            switch self {
            case .dispatch(let key, _, _, _): key.shader
            case .copy: "copy"
            }
        }
    }

    /// Workgroups in each direction.
    struct Grid: Hashable, Sendable {
        var x: Int
        var y: Int
        var z: Int

        init(_ x: Int, _ y: Int = 1, _ z: Int = 1) {
            self.x = x
            self.y = y
            self.z = z
        }

        /// At least `count` workgroups in a row, folded into y and z where a device allows only `limit` in each.
        static func linear(_ count: Int, limit: Int) -> Grid {
            if count <= limit { return Grid(count) }
            let rows = (count + limit - 1) / limit
            if rows <= limit { return Grid(limit, rows) }
            return Grid(limit, limit, (rows + limit - 1) / limit)
        }
    }

    /// The quotient, rounded up.
    func ceilDivide(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }
#endif
