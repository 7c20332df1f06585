import WeftExecution
import WeftPlanning
import WeftProvider

extension PlanDocument: FollowedPlan {
    /// The document's decisions as a recipe for a specialised graph.
    ///
    /// Throws `.invalidPlan` if the document has other nodes, bodies or devices than the graph.
    func recipe(for placer: Placer) throws(WeftError) -> PlacementRecipe {
        func refused(_ problem: String) -> WeftError {
            WeftError(
                .invalidPlan, "the plan file \(problem)",
                hint: "make the plan anew with `weft explain --save-plan` or `weft tune --save`")
        }
        let graph = placer.graph
        let paths = graph.frames.compactMap { $0.call?.path }
        guard Set(paths) == Set(bodies.map(\.path)), paths.count == bodies.count else {
            throw refused("places \(bodies.count) bodies of control flow, or others than the model's \(paths.count)")
        }
        // The index of each frame in `bodies`; nil for the model's own graph.
        let numbers = graph.frames.map { frame in
            frame.call.flatMap { call in bodies.firstIndex { $0.path == call.path } }
        }
        var devices: [String: Int] = [:]
        for (index, device) in placer.devices.enumerated() { devices[device.description.id] = index }
        let all = graph.view.nodes
        let none = PlacementRecipe.Assignment(device: 0)
        var recipe = PlacementRecipe(
            nodes: [PlacementRecipe.Assignment](repeating: none, count: all.count),
            orders: numbers.map { $0.map { bodies[$0].order } ?? order },
            reasons: [PlacementReason](repeating: .none, count: all.count),
            keptOff: [String?](repeating: nil, count: all.count))
        var members: [Int: PlacementRecipe.Group] = [:]
        for (frame, number) in zip(graph.frames, numbers) {
            let planned = nodes.filter { $0.device != PlanDocument.engine && $0.body == number }
            guard planned.count == frame.nodes.count else {
                throw refused("places \(planned.count) nodes, the model has \(frame.nodes.count)")
            }
            for (node, index) in zip(planned, frame.nodes) {
                let view = all[index]
                guard node.name == view.name, node.opType == view.opType else {
                    throw refused("has \(node.name) (\(node.opType)) where the model has \(view.label)")
                }
                guard let device = devices[node.device] else {
                    throw refused("has \(view.label) run on \(node.device), which is not among its devices")
                }
                let assignment = PlacementRecipe.Assignment(device: device, variant: node.variant)
                if let fusion = node.fusion {
                    members[fusion, default: .init(members: [], assignment: assignment)].members.append(index)
                }
                recipe.nodes[index] = assignment
                recipe.keptOff[index] = node.keptOff
                recipe.reasons[index] = .recorded(node.isPinned ? "by the plan file" : node.reason)
            }
        }
        recipe.groups = members.sorted { $0.key < $1.key }.map(\.value)
        return recipe
    }

    /// Throws `.invalidPlan` if a plan that was made by following the document has other segments.
    ///
    /// Nothing is checked if the user has pinned nodes since.
    func check(_ plan: Plan) throws(WeftError) {
        let found = plan.report.segments.map { "\($0.device): \($0.nodes.joined(separator: ", "))" }
        let wanted = segments.map { "\($0.device): \($0.nodes.joined(separator: ", "))" }
        let isPinned = plan.report.entries.contains { $0.reason.isPin }
        guard isPinned || found == wanted else {
            throw WeftError(
                .invalidPlan,
                "the plan file's segments do not follow from its nodes and their order: the file was changed",
                hint: "make the plan anew with `weft explain --save-plan` or `weft tune --save`")
        }
    }

    /// The name in place of a device for nodes that the engine runs itself.
    static let engine = "engine"
}
