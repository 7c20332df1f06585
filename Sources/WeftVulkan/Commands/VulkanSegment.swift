#if Vulkan
    import WeftProvider

    /// A segment's pipelines, constants and commands; shared by all runs.
    final class VulkanSegment: CompiledSegment {
        private let device: OpenDevice
        private let pipelines: [PipelineKey: Pipeline]
        private let commands: [Command]
        /// The node that each command is of, by number in the segment.
        private let owners: [Int]
        private let nodeCount: Int
        private let imports: [Int]
        private let exports: [Int]
        /// Labels of the nodes that may report data faults.
        private let watched: [String]

        init(_ segment: Segment, on device: OpenDevice, constants: any ConstantStore) throws(WeftError) {
            self.device = device
            var commands: [Command] = []
            var owners: [Int] = []
            var watched: [String] = []
            for (index, (node, variant)) in zip(segment.graph.nodes, segment.variants).enumerated() {
                guard let kernel = variant.kernel as? VulkanKernel else {
                    throw WeftError(
                        .internalInconsistency, "\(device.description.id) was given a node that it does not run",
                        node: node.label)
                }
                let lowering = Lowering(
                    node, variant.name, on: device, constants: constants, statusIndex: watched.count)
                do throws(WeftError) { try kernel.lower(lowering) } catch { throw error.at(node: node.label) }
                commands += lowering.commands
                owners += repeatElement(index, count: lowering.commands.count)
                if lowering.usesStatus { watched.append(node.label) }
            }
            let keys = commands.compactMap { if case .dispatch(let key, _, _, _) = $0 { key } else { nil } }
            pipelines = try device.logical.pipelines.pipelines(Set(keys))
            self.commands = commands
            self.owners = owners
            nodeCount = segment.graph.nodes.count
            self.watched = watched
            imports = segment.imports
            exports = segment.exports
        }

        func bind(_ places: [Int: Place], scratch: BufferView?) throws(WeftError) -> any BoundSegment {
            let status = watched.isEmpty ? nil : try StatusWords(watched, on: device.logical)
            let resolver = Resolver(places: places, status: status)
            let recorded = try record(resolver, nil)
            return VulkanBoundSegment(device, recorded, status) { [self] () throws(WeftError) in
                let count = imports.count + commands.count + exports.count
                guard let timestamps = try Timestamps(device.logical, commands: count) else { return nil }
                return try record(resolver, timestamps)
            }
        }

        private func record(_ resolver: Resolver, _ timestamps: Timestamps?) throws(WeftError) -> RecordedCommands {
            let recorder = try Recorder(device.logical, timestamps: timestamps)
            for value in imports {
                let (place, staging) = try resolver.transferred(value)
                guard let staging else { continue }
                try recorder.copy(staging, to: place, byteCount: min(place.byteCount, staging.byteCount))
                recorder.mark(.upload(value))
            }
            var next = 0
            for node in 0..<nodeCount {
                let first = next
                while next < commands.count, owners[next] == node {
                    try record(commands[next], recorder, resolver)
                    recorder.mark(.node(node), commands[next].name)
                    next += 1
                }
                if next == first { recorder.mark(.node(node)) }
            }
            for value in exports {
                let (place, staging) = try resolver.transferred(value)
                guard let staging else { continue }
                try recorder.copy(place, to: staging, byteCount: min(place.byteCount, staging.byteCount))
                recorder.mark(.download(value))
            }
            return try recorder.finish()
        }

        private func record(
            _ command: Command, _ recorder: Recorder, _ resolver: Resolver
        ) throws(WeftError) {
            switch command {
            case .dispatch(let key, let bindings, let push, let grid):
                guard let pipeline = pipelines[key] else {
                    throw WeftError(.internalInconsistency, "no pipeline was made for \(key.shader)")
                }
                let accesses = try bindings.map { binding throws(WeftError) in
                    Recorder.Access(slice: try resolver.slice(binding.resource), writes: binding.writes)
                }
                try recorder.dispatch(pipeline, accesses, push: push, groups: (grid.x, grid.y, grid.z))
            case .copy(let source, let from, let target, let at, let byteCount):
                let whole = try resolver.slice(source)
                let other = try resolver.slice(target)
                let read = DeviceSlice(whole.buffer, offset: whole.offset + from, byteCount: byteCount)
                let write = DeviceSlice(other.buffer, offset: other.offset + at, byteCount: byteCount)
                if read.buffer === write.buffer, read.offset == write.offset { return }
                try recorder.copy(read, to: write, byteCount: byteCount)
            }
        }
    }

    /// Finds the memory of a command's resources in one arena.
    private struct Resolver {
        let places: [Int: Place]
        let status: StatusWords?

        func slice(_ resource: Resource) throws(WeftError) -> DeviceSlice {
            switch resource {
            case .fixed(let slice): return slice
            case .value(let value): return try transferred(value).place
            case .status(let index):
                guard let status else {
                    throw WeftError(.internalInconsistency, "a node reports faults but has no status word")
                }
                return status.slice(index)
            }
        }

        /// Where a value is on the device; and its staging memory, if that is not the same.
        func transferred(_ value: Int) throws(WeftError) -> (place: DeviceSlice, staging: DeviceSlice?) {
            guard case .planned(let view, let staging) = places[value] else {
                throw WeftError(.internalInconsistency, "value \(value) has no place on the device")
            }
            let place = try slice(of: view, value)
            guard let staging else { return (place, nil) }
            let other = try slice(of: staging, value)
            let same = other.buffer === place.buffer && other.offset == place.offset
            return (place, same ? nil : other)
        }

        private func slice(of view: BufferView, _ value: Int) throws(WeftError) -> DeviceSlice {
            guard let buffer = view.buffer as? DeviceBuffer else {
                throw WeftError(.internalInconsistency, "value \(value) lies in memory that is not the device's")
            }
            return DeviceSlice(buffer, offset: view.offset, byteCount: view.byteCount)
        }
    }

    /// A segment's commands recorded for one arena.
    ///
    /// Freed only when its last submission is done: `deinit` waits for it.
    final class VulkanBoundSegment: BoundSegment, @unchecked Sendable {
        let recorded: RecordedCommands
        private let device: OpenDevice
        private let status: StatusWords?
        private let recordTimed: () throws(WeftError) -> RecordedCommands?
        // Used by one run at a time, so these need no lock.
        private var lastPoint: UInt64 = 0
        private var timed: RecordedCommands?

        /// `recordTimed` records the same with time stamps, for profiled runs; nil where the device has no clock.
        init(
            _ device: OpenDevice, _ recorded: RecordedCommands, _ status: StatusWords?,
            recordTimed: @escaping () throws(WeftError) -> RecordedCommands?
        ) {
            self.device = device
            self.recorded = recorded
            self.status = status
            self.recordTimed = recordTimed
        }

        deinit {
            // A lost device has nothing under way.
            if lastPoint > 0 { try? device.logical.wait(lastPoint) }
        }

        func submit(_ run: borrowing RunContext) throws(WeftError) -> TimelinePoint {
            status?.reset()
            if run.spans != nil, timed == nil { timed = try recordTimed() }
            let commands = run.spans == nil ? recorded : timed ?? recorded
            let point = try device.logical.submit(commands.handle)
            lastPoint = point
            device.faults.add(status, commands.timestamps, reportingTo: run.spans, at: point)
            return TimelinePoint(point)
        }
    }
#endif
