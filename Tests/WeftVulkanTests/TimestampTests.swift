#if Vulkan
    import Testing
    import WeftProvider

    @testable import WeftVulkan

    /// What a segment's parts took, by the device's own clock.
    @Suite(Vulkan.required, .serialized) struct TimestampTests {
        private final class Sink: SegmentSpanSink, @unchecked Sendable {
            private let lock = Lock()
            private var reports: [[SegmentSpan]] = []
            func record(_ spans: [SegmentSpan], on clock: SegmentSpan.Clock) { lock.withLock { reports.append(spans) } }
            var all: [[SegmentSpan]] { lock.withLock { reports } }
        }

        /// Three dispatches and a Reshape that moves nothing where it may lie over its input.
        private func graph() -> TestGraph {
            var graph = TestGraph()
            graph.feed("x", .noise([64, 64]))
            graph.add("Relu", ["x"], [("a", [64, 64])])
            graph.add("Sigmoid", ["x"], [("b", [64, 64])])
            graph.add("Add", ["a", "b"], [("y", [64, 64])])
            return graph
        }

        @Test(arguments: Vulkan.devices) func everyNodeAndCopyHasASpan(_ device: TestDevice) throws {
            guard device.device.logical.timestampBits > 0 else { return }
            let run = try graph().bind(outputs: ["y"], on: device.device)
            let plain = try run.run()
            for _ in 0..<3 {
                let sink = Sink()
                #expect(try run.run(reportingTo: sink) == plain)
                let spans = try #require(sink.all.first)
                #expect(sink.all.count == 1)
                let nodes = spans.compactMap { span -> Int? in
                    if case .node(let index) = span.subject { index } else { nil }
                }
                #expect(nodes == [0, 1, 2])
                #expect(spans.count == (device.device.logical.unified ? 3 : 5))
                #expect(spans.allSatisfy { $0.start <= $0.end && $0.end < 60_000_000_000 })
                for (first, second) in zip(spans, spans.dropFirst()) { #expect(first.end <= second.start) }
                let shaders = spans.compactMap(\.detail)
                #expect(shaders.count == 3)
                for (shader, stem) in zip(shaders, ["unary_f32", "unary_f32", "binary_f32"]) {
                    #expect(shader.hasPrefix(stem))
                }
            }
            // A run that is not profiled goes on with the commands that have no time stamps.
            #expect(try run.run() == plain)
            Vulkan.expectSilence()
        }

        @Test func aDeviceWithoutAClockReportsNothing() throws {
            guard let entry = try DeviceList.current().first else { return }
            let device = try VulkanDevice(entry, timestamps: false)
            let run = try graph().bind(outputs: ["y"], on: device)
            let sink = Sink()
            let timed = try run.run(reportingTo: sink)
            #expect(try timed == run.run())
            #expect(sink.all.isEmpty)
            Vulkan.expectSilence()
        }
    }
#endif
