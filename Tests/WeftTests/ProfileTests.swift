import Foundation
import Testing
import Weft
import WeftCPU
import WeftProviderTesting

/// Profiles: every node, on a lane of its own device, nested, with arrows between memories; and their trace files.
@Suite struct ProfileTests {
    private static let inputs: [String: Value] = ["a": .tensor(noise([6, 48], 1)), "b": .tensor(noise([6, 48], 2))]

    /// A session that has `product*` on a device with memory of its own and the rest on the host.
    private func mixed(_ simulation: Simulation? = nil) throws -> Session {
        var options = SessionOptions()
        options.placement = .preference
        options.threads = 2
        let far = SeparateMemoryProvider("far", host: CPUProvider(), simulation: simulation) { $0.opType == "MatMul" }
        return try Session(loading: ModelWriter.layers(), providers: [.provider(far), .cpu], options: options)
    }

    private func expectSound(_ profile: Profile, of session: Session, runs: Int = 1) throws {
        // Every node of the plan, once a run, on its device's lane.
        for segment in session.placement.segments {
            for node in segment.nodes {
                let found = profile.spans.filter {
                    $0.category == "node" && $0.name == node && profile.lanes[$0.lane].name == segment.device
                }
                #expect(found.count == runs, "\(node) on \(segment.device)")
            }
        }
        #expect(Set(profile.lanes).count == profile.lanes.count)
        #expect(profile.lanes.allSatisfy { !$0.name.isEmpty })
        // Spans of a lane nest.
        for lane in profile.lanes.indices {
            var open: [Profile.Span] = []
            for span in profile.spans where span.lane == lane {
                #expect(span.start >= 0 && span.duration >= 0)
                while let last = open.last, last.start + last.duration <= span.start + 1e-12,
                    last.duration > 0 || span.start > last.start
                { open.removeLast() }
                if let outer = open.last {
                    #expect(
                        span.start + span.duration <= outer.start + outer.duration + 1e-12,
                        "'\(span.name)' leaves '\(outer.name)' on \(profile.lanes[lane].name)")
                }
                open.append(span)
            }
        }
        // Arrows go forward, from slice to slice.
        #expect(profile.flows.count == session.placement.transfers.count * runs)
        for flow in profile.flows {
            #expect(flow.points.count >= 2)
            for (first, second) in zip(flow.points, flow.points.dropFirst()) { #expect(first.time <= second.time) }
            for point in flow.points {
                let holds = profile.spans.contains {
                    $0.lane == point.lane && $0.start <= point.time && point.time <= $0.start + $0.duration
                }
                #expect(holds, "'\(flow.value)' at \(point.time) on \(profile.lanes[point.lane].name)")
            }
        }
    }

    @Test func aHostRunIsNodesOfOneLane() throws {
        var options = SessionOptions()
        options.threads = 2
        let session = try Session(loading: ModelWriter.layers(), providers: [.cpu], options: options)
        let plain = try session.runSynchronously(values: Self.inputs)
        let (outputs, profile) = try session.profileSynchronously(values: Self.inputs, runs: 3)
        #expect(try outputs["h3"].array(as: Float.self) == plain["h3"].array(as: Float.self))
        try expectSound(profile, of: session, runs: 3)
        #expect(profile.spans.filter { $0.category == "run" }.map(\.name) == ["run 1", "run 2", "run 3"])
        let phases = Set(profile.spans.filter { $0.category == "phase" }.map(\.name))
        #expect(
            phases.isSuperset(of: [
                "open devices", "read the model", "fold constants", "specialise", "support and prices", "place",
            ]))
        #expect(phases.contains { $0.hasPrefix("compile segment 0 for cpu") })
        let product = try #require(profile.spans.first { $0.name.hasPrefix("product0") && $0.category == "node" })
        // Alone or fused with what follows it.
        guard case .text(let opType) = product.details["operator"], case .number(let flops) = product.details["flops"],
            case .number(let bytes) = product.details["bytes"], case .text(let variant) = product.details["variant"]
        else { throw WeftError(.invalidData, "\(product.details)") }
        #expect(opType.hasSuffix("MatMul") && !variant.isEmpty)
        #expect(flops >= 2 * 6 * 48 * 48 && bytes >= 4 * (2 * 6 * 48 + 48 * 48))
    }

    @Test func transfersAreSlicesWithArrows() throws {
        for simulation in [nil, Simulation(seconds: { _ in 0.002 })] {
            let session = try mixed(simulation)
            let (_, profile) = try session.profileSynchronously(values: Self.inputs)
            #expect(session.placement.segments.count == 7)
            try expectSound(profile, of: session)
            #expect(profile.lanes.contains { $0.kind == .device && $0.name == "far" })
            let copies = profile.spans.filter { $0.category == "transfer" }
            for transfer in session.placement.transfers {
                #expect(copies.contains { $0.name.contains(transfer.value) }, "\(transfer.value)")
            }
        }
    }

    @Test func aDevicesOwnClockIsFittedToTheHosts() throws {
        let session = try mixed(Simulation(seconds: { _ in 0.004 }))
        let (_, profile) = try session.profileSynchronously(values: Self.inputs, runs: 2)
        let run = try #require(profile.spans.first { $0.category == "run" })
        let nodes = profile.spans.filter { $0.category == "node" && profile.lanes[$0.lane].name == "far" }
        #expect(nodes.count == 6)
        for node in nodes { #expect(node.duration > 0.003 && node.duration < 0.005) }
        #expect(nodes.allSatisfy { $0.start >= run.start })
    }

    @Test func partsThatOnlyARunKnowsAreThereToo() throws {
        var model = ModelWriter()
        model.input("x", [.fixed(2), .fixed(3)])
        model.node("NonZero", ["x"], ["w"], name: "where")
        model.node("Neg", ["w"], ["y"], name: "minus")
        model.output("y", [.fixed(2), .unknown], type: .int64)
        let session = try Session(loading: model.bytes, providers: [.cpu])
        let x: [String: Value] = ["x": .tensor(noise([2, 3]))]
        for _ in 0..<3 { _ = try session.runSynchronously(values: x) }
        let (_, profile) = try session.profileSynchronously(values: x)
        #expect(profile.spans.contains { $0.category == "unit" && $0.name.hasPrefix("where") })
        #expect(profile.spans.contains { $0.name.contains("minus") })
        try expectSound(profile, of: session)
    }

    @Test func theTraceIsJSONThatSaysTheSame() throws {
        let session = try mixed()
        let (_, profile) = try session.profileSynchronously(values: Self.inputs)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(profile.chromeTrace.utf8)) as? [String: Any])
        let all = try #require(document["traceEvents"] as? [[String: Any]])
        func events(_ kind: String) -> [[String: Any]] { all.filter { $0["ph"] as? String == kind } }
        let slices = events("X")
        #expect(slices.count == profile.spans.count)
        #expect(slices.allSatisfy { $0["ts"] is Double && $0["dur"] is Double && $0["cat"] is String })
        let names = events("M").filter { $0["name"] as? String == "thread_name" }
        #expect(names.compactMap { ($0["args"] as? [String: Any])?["name"] as? String } == profile.lanes.map(\.name))
        let threads = Set(slices.compactMap { $0["tid"] as? Int })
        #expect(threads == Set(names.compactMap { $0["tid"] as? Int }))
        // Arrows pair up by their number.
        let (starts, ends) = (events("s"), events("f"))
        #expect(starts.count == profile.flows.count && !starts.isEmpty)
        #expect(starts.compactMap { $0["id"] as? Int }.sorted() == ends.compactMap { $0["id"] as? Int }.sorted())
        #expect(ends.allSatisfy { $0["bp"] as? String == "e" })
        #expect(events("t").allSatisfy { event in starts.contains { $0["id"] as? Int == event["id"] as? Int } })
    }

    @Test func namesThatNeedEscapesAreEscaped() throws {
        var model = ModelWriter()
        model.input("x", [.fixed(2)])
        model.node("Relu", ["x"], ["y"], name: "a \"quoted\"\\\n\u{1} näme")
        model.output("y", [.fixed(2)])
        let session = try Session(loading: model.bytes, providers: [.cpu])
        let (_, profile) = try session.profileSynchronously(values: ["x": .tensor(noise([2]))])
        let document = try JSONSerialization.jsonObject(with: Data(profile.chromeTrace.utf8)) as? [String: Any]
        let events = try #require(document?["traceEvents"] as? [[String: Any]])
        #expect(events.contains { ($0["name"] as? String)?.hasPrefix("a \"quoted\"\\\n\u{1} näme") == true })
    }

    @Test func aFileThatCannotBeWrittenIsAnError() throws {
        let session = try mixed()
        let (_, profile) = try session.profileSynchronously(values: Self.inputs)
        let error = try #require(throws: WeftError.self) { try profile.write(chromeTrace: "/nowhere/trace.json") }
        #expect(error.code == .unreadableFile && error.file == "/nowhere/trace.json")
        #expect(throws: WeftError.self) { _ = try session.profileSynchronously(values: Self.inputs, runs: 0) }
    }

    @Test(.enabled(if: (try? Session.check([.vulkan])) != nil)) func vulkanReportsItsOwnTimes() throws {
        var options = SessionOptions()
        options.placement = .preference
        let session = try Session(loading: ModelWriter.layers(), providers: [.vulkan, .cpu], options: options)
        let (_, profile) = try session.profileSynchronously(values: Self.inputs, runs: 2)
        try expectSound(profile, of: session, runs: 2)
        let device = try #require(session.placement.segments.first { $0.device.hasPrefix("vulkan") })
        let nodes = profile.spans.filter { $0.category == "node" && profile.lanes[$0.lane].name == device.device }
        #expect(nodes.allSatisfy { if case .text = $0.details["kernel"] { true } else { false } })
    }
}
