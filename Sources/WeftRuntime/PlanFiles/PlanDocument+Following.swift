import WeftExecution
import WeftPlanning
import WeftProvider

extension PlanDocument: FollowedPlan {
    /// Its decisions for the nodes of a specialised graph.
    ///
    /// Throws `.invalidPlan` where it names other nodes.
    func recipe(for placer: Placer) throws(WeftError) -> PlacementRecipe {
        func refused(_ problem: String) -> WeftError {
            WeftError(
                .invalidPlan, "the plan file \(problem)",
                hint: "make the plan anew with `weft explain --save-plan` or `weft tune --save`")
        }
        let planned = nodes.filter { $0.device != PlanDocument.engine }
        guard planned.count == placer.view.nodes.count else {
            throw refused("places \(planned.count) nodes, the model has \(placer.view.nodes.count)")
        }
        var numbers: [String: Int] = [:]
        for (index, device) in placer.devices.enumerated() { numbers[device.description.id] = index }
        var recipe = PlacementRecipe()
        var members: [Int: PlacementRecipe.Group] = [:]
        for (index, (node, view)) in zip(planned, placer.view.nodes).enumerated() {
            guard node.name == view.name, node.opType == view.opType else {
                throw refused("has \(node.name) (\(node.opType)) where the model has \(view.label)")
            }
            guard let device = numbers[node.device] else {
                throw refused("has \(view.label) run on \(node.device), which is not among its devices")
            }
            let assignment = PlacementRecipe.Assignment(device: device, variant: node.variant)
            if let fusion = node.fusion {
                members[fusion, default: .init(members: [], assignment: assignment)].members.append(index)
            }
            recipe.nodes.append(assignment)
            recipe.keptOff.append(node.keptOff)
            recipe.reasons.append(node.reason.hasPrefix("pinned") ? "by the plan file" : node.reason)
        }
        recipe.groups = members.sorted { $0.key < $1.key }.map(\.value)
        recipe.order = order
        return recipe
    }

    /// Throws `.invalidPlan` where a plan that was made after it has other segments, unless pins were added since.
    func check(_ plan: Plan) throws(WeftError) {
        let found = plan.report.segments.map { "\($0.device): \($0.nodes.joined(separator: ", "))" }
        let wanted = segments.map { "\($0.device): \($0.nodes.joined(separator: ", "))" }
        let isPinned = plan.report.entries.contains { $0.reason.hasPrefix("pinned") }
        guard isPinned || found == wanted else {
            throw WeftError(
                .invalidPlan,
                "the plan file's segments do not follow from its nodes and their order: the file was changed",
                hint: "make the plan anew with `weft explain --save-plan` or `weft tune --save`")
        }
    }

    /// What stands for a device where the engine runs a node itself.
    static let engine = "engine"
}
