import WeftGraph
import WeftInterpreter
import WeftONNX
public import WeftProvider
import WeftRuntime

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a provider made of one node, fed with what a session's own provider made of all before it.
public struct NodeComparison: Sendable {
    public enum Status: String, Sendable, Encodable {
        case within, exceeds
        /// The provider claimed the node and failed.
        case failed
        /// The provider does not run the node.
        case declined
        /// What it gives follows from shapes and constants: nobody runs it.
        case folded
    }

    public let name: String
    public let opType: String
    public let status: Status
    /// The greatest difference of any output; nil where nothing was compared.
    public let difference: Difference?
    /// The output that departs most, by name.
    public let output: String?
    /// Why there is no difference to show, or what exceeds.
    public let message: String
    /// Nodes of an If's, Loop's or Scan's bodies that the provider ran; the node was compared as a whole.
    public let bodyNodes: Int
    private let step: NodeReplay.Step
    private let rtol: Double

    /// `relative` and `absolute` as `Difference` takes them.
    init(_ step: NodeReplay.Step, relative: Double, absolute: Double?) {
        self.step = step
        rtol = relative
        let graph = step.graph
        let outputs = step.node.outputs.indices.map { index in
            let value = graph.nodes.first?.outputs[index] ?? Node.absent
            return value == Node.absent ? "" : graph.values[value].name
        }
        name = step.node.name.isEmpty ? outputs.first { !$0.isEmpty } ?? "" : step.node.name
        opType = step.node.domain.isEmpty ? step.node.opType : "\(step.node.domain).\(step.node.opType)"
        bodyNodes = step.bodyNodes
        switch step.outcome {
        case .folded:
            (status, difference, output, message) = (.folded, nil, nil, "follows from shapes and constants")
        case .declined(let reason): (status, difference, output, message) = (.declined, nil, nil, reason)
        case .failed(let error): (status, difference, output, message) = (.failed, nil, nil, error.description)
        case .repeated(let values):
            var all: [(name: String, difference: Difference)] = []
            for (index, want) in step.results.enumerated() {
                guard let want, let got = values[index] else { continue }
                all.append((outputs[index], Difference(got, want, relative: relative, absolute: absolute)))
            }
            let worst = all.max { a, b in
                (a.difference.exceeding > 0 ? 1 : 0, a.difference.absolute)
                    < (b.difference.exceeding > 0 ? 1 : 0, b.difference.absolute)
            }
            difference = worst?.difference ?? Difference()
            output = worst?.name
            status = worst?.difference.isWithin == false ? .exceeds : .within
            message = worst?.difference.problem.map { "output '\(worst?.name ?? "")': \($0)" } ?? ""
        }
    }

    /// Whether the provider's result is not what it should be.
    public var departs: Bool { status == .exceeds || status == .failed }

    /// The node's graph, its outputs declared as what they were.
    private var typedGraph: Graph {
        let graph = step.graph
        let results = Dictionary(zip(graph.outputs, step.results.compactMap(\.self))) { first, _ in first }
        var builder = GraphBuilder(name: graph.name)
        for (number, value) in graph.values.enumerated() {
            let result = results[number]
            _ = builder.value(
                value.name, type: result?.type ?? value.type,
                dimensions: result?.shape?.map { .fixed($0) } ?? value.dimensions)
        }
        for (value, constant) in graph.constants { builder.define(value, as: constant) }
        for node in graph.nodes {
            builder.append(
                canonical: NodeDraft(node, inputs: node.inputs, outputs: node.outputs), version: node.version)
        }
        builder.inputs = graph.inputs
        builder.outputs = graph.outputs
        return builder.build()
    }

    /// Writes the node alone as an ONNX test folder: `model.onnx`, a data set with what the session's provider fed it
    /// and got, and the tolerance as `case.json`. Throws `.unreadableFile` where the folder cannot be written.
    public func write(testFolder folder: String) throws(WeftError) {
        let data = folder + "/test_data_set_0"
        let model = try ModelWriter.encode(typedGraph)
        do {
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            try Data(model).write(to: URL(filePath: folder + "/model.onnx"))
            let tolerance = "{\"rtol\": \(rtol), \"atol\": \(difference?.atol ?? 0)}\n"
            try Data(tolerance.utf8).write(to: URL(filePath: folder + "/case.json"))
            let inputs = zip(step.graph.inputs, step.inputs).map { (step.graph.values[$0].name, $1) }
            let outputs = zip(step.graph.outputs, step.results.compactMap(\.self)).map {
                (step.graph.values[$0].name, $1)
            }
            for (prefix, values) in [("input", inputs), ("output", outputs)] {
                for (index, (name, value)) in values.enumerated() {
                    let bytes = TensorFile.encode(value, name: name)
                    try Data(bytes).write(to: URL(filePath: "\(data)/\(prefix)_\(index).pb"))
                }
            }
        } catch {
            throw WeftError(.unreadableFile, "the test folder cannot be written: \(error)", file: folder)
        }
    }
}

extension Session {
    /// Runs the model node by node as this session's first provider does, and each node again on another one.
    ///
    /// Each node is fed with this session's values, so that what one node does wrong does not show in those after it.
    /// Nodes run unfused, in topological order; a node of If, Loop or Scan is compared as a whole. `body` sees each
    /// node once. Throws what this session's providers throw, and as loading does for a provider that is not here.
    public func compare(
        with provider: ProviderChoice, _ inputs: [String: Value], relative: Double = 1e-3, absolute: Double? = nil,
        _ body: (NodeComparison) throws(WeftError) -> Void
    ) throws(WeftError) {
        let values = try ordered(inputs)
        let threads = engine.pool.threads
        let replay = NodeReplay(
            original: engine.devices,
            repeated: try DeviceSelection([provider], threads: threads, cache: RateCache(directory: "")).devices,
            reference: DefaultProviders.reference, pool: engine.pool, budget: engine.options.budget)
        do {
            try replay.run(engine.graph, values) { step throws(WeftError) in
                try body(NodeComparison(step, relative: relative, absolute: absolute))
            }
        } catch {
            throw error.at(file: file)
        }
    }

    /// How many nodes `compare` shows.
    public var comparedNodeCount: Int { engine.graph.nodes.count }
}
