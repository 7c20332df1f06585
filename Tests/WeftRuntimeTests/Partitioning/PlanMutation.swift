import WeftRuntime

@testable import WeftPlacement

/// Random plans with devices beside the host, and random changes of what a planner decides about them.
enum PlanMutation {
    /// A sound plan for a random graph: transfers early, each step of a device awaited where it is first needed, arenas
    /// as tight as that allows.
    static func soundPlan(using random: inout PartitioningRandom) throws -> PlanDescription {
        let spaces = Int.random(in: 2...3, using: &random)
        let problem = PlacementProblem.random(
            spaces: spaces, count: Int.random(in: 3...14, using: &random), using: &random)
        let labels = problem.nodes.map { node in
            SegmentLabel(space: (0..<spaces).filter(node.allows).randomElement(using: &random) ?? 0, provider: 0)
        }
        let graph = try SegmentGraph(dependencies: problem.dependencies)
        let simulation = PlanSimulation(
            problem, launch: Array(repeating: 1e-7, count: spaces), overlaps: (0..<spaces).map { $0 > 0 })
        var plan = PlanDescription(problem, SegmentSearch(graph, simulation).plan(labels))
        plan.spaceOfDevice = (0..<spaces).map { $0 }
        for node in plan.nodes.indices {
            plan.nodes[node].device = labels[node].space
            plan.nodes[node].able = (0..<spaces).filter(problem.nodes[node].allows)
        }
        for value in plan.values.indices { plan.values[value].bytes = 4 * Int.random(in: 1...6, using: &random) }
        layLanes(&plan)
        for space in 0..<spaces { place(&plan, space, using: &random) }
        return plan
    }

    /// Gives every space a lane of its own, transfers that of the device, and awaits each step where it is needed.
    private static func layLanes(_ plan: inout PlanDescription) {
        for index in plan.steps.indices {
            switch plan.steps[index].action {
            case .run(let node): plan.steps[index].lane = plan.nodes[node].space
            case .transfer(_, let from, let to): plan.steps[index].lane = to == 0 ? from : to
            }
            plan.steps[index].awaitedBy = plan.steps[index].lane == 0 ? nil : plan.steps.count
        }
        var made: [[Int]: Int] = [:]
        func need(_ value: Int, _ space: Int, by step: Int) {
            guard let maker = made[[value, space]], plan.steps[maker].lane != plan.steps[step].lane else { return }
            if let known = plan.steps[maker].awaitedBy, known > step { plan.steps[maker].awaitedBy = step }
        }
        for (index, step) in plan.steps.enumerated() {
            switch step.action {
            case .run(let node):
                for operand in plan.nodes[node].operands { need(operand, plan.nodes[node].space, by: index) }
                for result in plan.nodes[node].results { made[[result, plan.nodes[node].space]] = index }
            case .transfer(let value, let from, let to):
                need(value, from, by: index)
                made[[value, to]] = index
            }
        }
        // Who waits for a step has waited for all that its lane did before.
        for index in plan.steps.indices.reversed() where plan.steps[index].lane != 0 {
            for later in plan.steps.indices where later > index && plan.steps[later].lane == plan.steps[index].lane {
                guard let mine = plan.steps[index].awaitedBy, let other = plan.steps[later].awaitedBy else { continue }
                plan.steps[index].awaitedBy = max(min(mine, other), index + 1)
            }
        }
    }

    private static func place(_ plan: inout PlanDescription, _ space: Int, using random: inout PartitioningRandom) {
        var lives: [Int: (first: Int, last: Int)] = [:]
        func use(_ value: Int, _ step: Int) {
            let release = max(plan.steps[step].awaitedBy ?? 0, step + 1) - 1
            let known = lives[value] ?? (step, step)
            lives[value] = (min(known.first, step), max(known.last, release))
        }
        for (index, step) in plan.steps.enumerated() {
            switch step.action {
            case .run(let node) where plan.nodes[node].space == space:
                for value in plan.nodes[node].operands + plan.nodes[node].results { use(value, index) }
            case .run: break
            case .transfer(let value, let from, let to): if from == space || to == space { use(value, index) }
            }
        }
        // What is given or wanted here, and now and then something else, owns its memory.
        let values = lives.keys.sorted().filter { value in
            plan.values[value].given.isEmpty && plan.values[value].wanted.isEmpty && !random.chance(10)
        }
        let arena = values.map { value in
            ArenaValue(
                bytes: plan.values[value].bytes ?? 0, firstStep: lives[value]?.first ?? 0,
                lastStep: lives[value]?.last ?? 0)
        }
        guard let layout = ArenaLayout.smallest(arena) else { return }
        plan.arenas[space] = layout.bytes
        for (index, value) in values.enumerated() {
            plan.places.append(
                .init(
                    value: value, space: space, arena: space, offset: layout.offsets[index], bytes: arena[index].bytes))
        }
    }

    enum Kind: CaseIterable {
        case dropStep, repeatStep, swapSteps, moveStep, turnTransfer, otherTransfer, otherSpace, otherDevice, otherLane
        case laterWait, noWait, shiftPlace, otherArena, shrinkPlace, swapPlaces
    }

    /// Changes one decision; the graph and what is given and wanted stay.
    static func mutate(_ plan: inout PlanDescription, _ kind: Kind, using random: inout PartitioningRandom) {
        let spaces = plan.spaceOfDevice.count
        guard let step = plan.steps.indices.randomElement(using: &random),
            let other = plan.steps.indices.randomElement(using: &random)
        else { return }
        let transfers = plan.steps.indices.filter { if case .transfer = plan.steps[$0].action { true } else { false } }
        let place = plan.places.indices.randomElement(using: &random)
        switch kind {
        case .dropStep: plan.steps.remove(at: step)
        case .repeatStep: plan.steps.insert(plan.steps[step], at: other)
        case .swapSteps: plan.steps.swapAt(step, other)
        case .moveStep: plan.steps.insert(plan.steps.remove(at: step), at: min(other, plan.steps.count - 1))
        case .turnTransfer:
            guard let index = transfers.randomElement(using: &random),
                case .transfer(let value, let from, let to) = plan.steps[index].action
            else { return }
            plan.steps[index].action = .transfer(value: value, from: to, to: from)
        case .otherTransfer:
            guard let index = transfers.randomElement(using: &random),
                case .transfer(_, let from, let to) = plan.steps[index].action
            else { return }
            plan.steps[index].action = .transfer(
                value: Int.random(in: plan.values.indices, using: &random), from: from, to: to)
        case .otherSpace:
            let node = Int.random(in: plan.nodes.indices, using: &random)
            plan.nodes[node].space = Int.random(in: 0..<spaces, using: &random)
            plan.nodes[node].device = plan.nodes[node].space
        case .otherDevice:
            plan.nodes[Int.random(in: plan.nodes.indices, using: &random)].device =
                Int.random(in: 0..<spaces, using: &random)
        case .otherLane: plan.steps[step].lane = Int.random(in: 0..<spaces, using: &random)
        case .laterWait:
            if let wait = plan.steps[step].awaitedBy {
                plan.steps[step].awaitedBy = wait + Int.random(in: 1...4, using: &random)
            }
        case .noWait: if plan.steps[step].awaitedBy != nil { plan.steps[step].awaitedBy = plan.steps.count }
        case .shiftPlace:
            guard let place else { return }
            plan.places[place].offset = max(0, plan.places[place].offset + Int.random(in: -70...70, using: &random))
        case .otherArena:
            guard let place else { return }
            plan.places[place].arena = Int.random(in: 0..<spaces, using: &random)
        case .shrinkPlace:
            guard let place else { return }
            plan.places[place].bytes -= Int.random(in: 1...plan.places[place].bytes, using: &random)
        case .swapPlaces:
            guard let place, let second = plan.places.indices.randomElement(using: &random) else { return }
            (plan.places[place].offset, plan.places[second].offset) =
                (plan.places[second].offset, plan.places[place].offset)
        }
    }
}
