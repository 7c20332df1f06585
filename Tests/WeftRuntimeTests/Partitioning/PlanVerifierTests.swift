import Testing
import WeftRuntime

@testable import WeftPlacement

/// Host a → device b, c → host d: x goes out, z comes back, y never leaves the device.
private func soundPlan() -> PlanDescription {
    PlanDescription(
        nodes: [
            .init("a", space: 0, operands: [0], results: [1]), .init("b", space: 1, operands: [1], results: [2]),
            .init("c", space: 1, operands: [2], results: [3]), .init("d", space: 0, operands: [3, 0], results: [4]),
        ],
        values: [
            .init("in", given: [0]), .init("x"), .init("y"), .init("z"), .init("out", wanted: [0]),
        ],
        steps: [
            .init(.run(node: 0)), .init(.transfer(value: 1, from: 0, to: 1), lane: 1, awaitedBy: 5),
            .init(.run(node: 1), lane: 1, awaitedBy: 5), .init(.run(node: 2), lane: 1, awaitedBy: 5),
            .init(.transfer(value: 3, from: 1, to: 0), lane: 1, awaitedBy: 5), .init(.run(node: 3)),
        ],
        places: [
            .init(value: 1, space: 0, arena: 0, offset: 0, bytes: 64),
            .init(value: 1, space: 1, arena: 1, offset: 0, bytes: 64),
            .init(value: 2, space: 1, arena: 1, offset: 64, bytes: 64),
            .init(value: 3, space: 1, arena: 1, offset: 0, bytes: 64),
            .init(value: 3, space: 0, arena: 0, offset: 64, bytes: 64),
        ],
        seconds: 1, hostOnlySeconds: 1)
}

/// The violations of the sound plan after a change.
private func kinds(_ change: (inout PlanDescription) -> Void) -> [PlanViolation.Kind] {
    var plan = soundPlan()
    change(&plan)
    return PlanVerifier.violations(of: plan).map(\.kind)
}

@Test func aSoundPlanHasNoViolations() {
    #expect(PlanVerifier.violations(of: soundPlan()) == [])
    #expect(PlanVerifier.violations(of: PlanDescription(nodes: [], values: [], steps: [])) == [])
}

@Test func brokenOrdersAreRejected() {
    #expect(kinds { $0.steps.remove(at: 5) } == [.nodeNeverRun, .outputAbsent])
    #expect(kinds { $0.steps.append(.init(.run(node: 3))) } == [.nodeRunTwice])
    #expect(kinds { $0.steps.swapAt(2, 3) }.contains(.valueAbsent))
    #expect(kinds { $0.nodes[0].operands = [4] } == [.cycle, .valueAbsent])
    #expect(kinds { $0.nodes[2].results = [2, 3] } == [.valueYieldedTwice, .cycle])
    #expect(kinds { $0.nodes[2].results = [3, 0] } == [.valueYieldedTwice, .cycle])
}

@Test func brokenTransfersAreRejected() {
    #expect(kinds { $0.steps[1] = .init(.transfer(value: 0, from: 0, to: 1), lane: 1, awaitedBy: 5) } == [.valueAbsent])
    #expect(kinds { $0.steps.swapAt(0, 1) }.contains(.valueAbsent))
    #expect(
        kinds { $0.steps[4] = .init(.transfer(value: 1, from: 1, to: 0), lane: 1, awaitedBy: 5) }.contains(.valueAbsent)
    )
    #expect(
        kinds {
            $0.steps.append(.init(.transfer(value: 0, from: 0, to: 1)))
            $0.steps.append(.init(.transfer(value: 0, from: 0, to: 1)))
        } == [.transferRepeated])
    #expect(kinds { $0.steps[4].awaitedBy = 6 }.contains(.valueNotAwaited))
    #expect(kinds { $0.steps[1].lane = 2 }.contains(.valueNotAwaited))
    #expect(kinds { $0.values[4].wanted = [0, 1] } == [.outputAbsent])
}

@Test func devicesOfOneSpaceWaitForEachOther() {
    func handsOver(_ plan: inout PlanDescription, awaitedBy: Int?) {
        for step in [1, 2] { plan.steps[step].awaitedBy = awaitedBy }
        for step in [3, 4] { plan.steps[step].lane = 2 }
    }
    #expect(kinds { handsOver(&$0, awaitedBy: 3) } == [])
    // c reads y before anybody has waited for b, and writes z over x, which b may still read.
    #expect(kinds { handsOver(&$0, awaitedBy: 5) } == [.valueNotAwaited, .memoryShared])
}

@Test func brokenMemoryIsRejected() {
    #expect(kinds { $0.places[2].offset = 63 } == [.memoryShared, .memoryShared])
    // y and z overlap: c reads the one while it writes the other.
    #expect(kinds { $0.places[3].offset = 64 } == [.memoryShared])
    #expect(
        kinds {
            $0.places[3].offset = 64
            $0.places[3].replaces = 2
        } == [])
    // Replaced from a different offset, bytes would be written before they are read.
    #expect(
        kinds {
            $0.places[3].offset = 65
            $0.places[3].replaces = 2
        } == [.memoryShared])
    // x on the host is read by a transfer that nobody has awaited when z is written there.
    #expect(kinds { $0.places[4].offset = 0 } == [])
    #expect(
        kinds {
            $0.steps[4].lane = 2
            $0.steps[3].awaitedBy = 4
            $0.places[4].offset = 0
        } == [.memoryShared])
    // An output keeps its bytes to the end.
    #expect(
        kinds {
            $0.values[1].wanted = [0]
            $0.steps[1].awaitedBy = nil
            $0.places[4].offset = 32
        } == [.memoryShared])
}

@Test func wrongProvidersAreRejected() {
    func withDevices(_ change: (inout PlanDescription) -> Void) -> [PlanViolation.Kind] {
        kinds { plan in
            plan.spaceOfDevice = [0, 0, 1]
            for index in plan.nodes.indices {
                plan.nodes[index].device = plan.nodes[index].space * 2
                plan.nodes[index].able = [0, 2]
            }
            change(&plan)
        }
    }
    #expect(withDevices { _ in } == [])
    #expect(withDevices { $0.nodes[0].device = 1 } == [.wrongDevice])
    #expect(withDevices { $0.nodes[1].able = [0] } == [.wrongDevice])
    #expect(withDevices { $0.nodes[0].device = 2 } == [.wrongDevice])
    #expect(withDevices { $0.nodes[0].device = 7 } == [.wrongDevice])
    #expect(withDevices { $0.nodes[2].space = 0 }.contains(.wrongDevice))
}

@Test func layoutsThatKernelsWereNotToldAreRejected() {
    #expect(kinds { $0.nodes[0].layouts = [.init(value: 2, layout: "plain")] } == [])
    #expect(
        kinds {
            $0.nodes[0].layouts = [.init(value: 2, layout: "nhwc")]
            $0.values[2].layout = "nhwc"
        } == [])
    #expect(kinds { $0.nodes[0].layouts = [.init(value: 2, layout: "nhwc")] } == [.wrongLayout])
    #expect(
        kinds {
            $0.nodes[0].layouts = [.init(value: 2, layout: "plain")]
            $0.values[2].layout = "nhwc"
        } == [.wrongLayout])
    #expect(kinds { $0.nodes[0].layouts = [.init(value: 99, layout: "plain")] }.contains(.malformed))
}

@Test func placesForStaleShapesAreRejected() {
    #expect(kinds { $0.values[2].bytes = 64 } == [])
    #expect(kinds { $0.values[2].bytes = 65 } == [.placeTooSmall])
    #expect(
        kinds {
            $0.places[3].bytes = 0; $0.values[3].bytes = 4
        } == [.placeTooSmall])
    #expect(kinds { $0.arenas = [0: 128, 1: 128] } == [])
    // A layout whose size nobody knows.
    #expect(kinds { $0.places[3].bytes = 0 } == [.placeTooSmall])
    #expect(kinds { $0.arenas = [0: 128, 1: 127] } == [.placeOutside])
}

@Test func viewsShareTheLifeOfWhatTheyView() {
    func withView(_ change: (inout PlanDescription) -> Void = { _ in }) -> [PlanViolation.Kind] {
        kinds { plan in
            // y is a view of x on the device; z therefore may not lie on x's bytes, which y still needs.
            plan.places[2] = .init(value: 2, space: 1, arena: 1, offset: 0, bytes: 32, viewOf: 1)
            plan.places[3].offset = 64
            change(&plan)
        }
    }
    #expect(withView() == [])
    #expect(withView { $0.places[3].offset = 32 } == [.memoryShared])
    #expect(withView { $0.places[2].offset = 40 } == [.viewOutside])
    #expect(withView { $0.places[1].viewOf = 2 }.contains(.malformed))
}

@Test func senselessPlansAreReportedAndTrapNowhere() {
    #expect(kinds { $0.nodes[0].operands = [99] } == [.malformed])
    #expect(kinds { $0.steps[0] = .init(.run(node: -1)) } == [.malformed])
    #expect(kinds { $0.steps[3].awaitedBy = 1 } == [.malformed])
    #expect(kinds { $0.places[0].offset = .max } == [.malformed])
    #expect(kinds { $0.places[0].value = 9 } == [.malformed])
    #expect(kinds { $0.values[0].given = [-1] } == [.malformed])
    #expect(kinds { $0.places.append($0.places[0]) }.contains(.malformed))
}

@Test func aPlanDearerThanTheHostIsRejected() {
    #expect(kinds { $0.seconds = 1.001 } == [.dearerThanHost])
    #expect(kinds { $0.seconds = .nan } == [.dearerThanHost])
    #expect(kinds { $0.seconds = nil } == [])
}

@Test func messagesNameNodesValuesAndSteps() {
    var plan = soundPlan()
    plan.steps[4].awaitedBy = nil
    plan.steps.swapAt(4, 5)
    plan.places[2].offset = 32
    let messages = PlanVerifier.violations(of: plan).map(\.message).joined(separator: "\n")
    #expect(messages.contains("'z' is not in space 0 at step 4, where 'd' reads it"))
    #expect(messages.contains("'x' (bytes 0..<64 of arena 1) is still needed when step 2 writes 'y' (32..<96)"))
}

@Test func plansMadeOfRandomPlacementsAreSoundAndTheirShrunkArenasAreNot() throws {
    var caught = 0
    for seed in 0..<120 {
        var random = PartitioningRandom(seed: seed)
        let problem = PlacementProblem.random(spaces: 2, count: Int.random(in: 2...14, using: &random), using: &random)
        let placement = try problem.solve()
        var plan = try plan(of: problem, placement)
        #expect(PlanVerifier.violations(of: plan) == [], "seed \(seed)")
        for index in plan.places.indices { plan.places[index].offset /= 2 }
        if PlanVerifier.violations(of: plan).contains(where: { $0.kind == .memoryShared }) { caught += 1 }
    }
    #expect(caught > 90)
}

/// A plan for a placement: segments in order, a transfer before its first reader, each device awaited at once.
private func plan(of problem: PlacementProblem, _ placement: Placement) throws -> PlanDescription {
    let labels = placement.spaces.map { SegmentLabel(space: $0, provider: 0) }
    let segments = try SegmentGraph(dependencies: problem.dependencies).segments(labels, launch: [0, 1])
    var plan = PlanDescription(
        nodes: placement.spaces.enumerated().map {
            .init("n\($0.offset)", space: $0.element, operands: [], results: [])
        },
        values: [], steps: [], seconds: placement.seconds, hostOnlySeconds: try problem.hostOnlyPlacement()?.seconds)
    for (index, value) in problem.values.enumerated() {
        var given: [Int] = []
        switch value.origin {
        case .node(let node): plan.nodes[node].results.append(index)
        case .space(let space): given = [space]
        }
        plan.values.append(.init("v\(index)", given: given, wanted: value.destination.map { [$0] } ?? []))
        for node in value.consumers { plan.nodes[node].operands.append(index) }
    }
    var transfers = problem.transfers(of: placement.spaces)
    for node in segments.flatMap(\.nodes) {
        for operand in plan.nodes[node].operands {
            guard let next = transfers.firstIndex(where: { $0.value == operand && $0.to == labels[node].space }) else {
                continue
            }
            let transfer = transfers.remove(at: next)
            plan.steps.append(.init(.transfer(value: operand, from: transfer.from, to: transfer.to), lane: 1))
        }
        plan.steps.append(.init(.run(node: node), lane: labels[node].space))
    }
    for transfer in transfers {
        plan.steps.append(.init(.transfer(value: transfer.value, from: transfer.from, to: transfer.to), lane: 1))
    }
    for space in 0..<2 { place(&plan, space) }
    return plan
}

/// Lays out what the nodes of one space, and the transfers to it, write.
private func place(_ plan: inout PlanDescription, _ space: Int) {
    var lives: [Int: (first: Int, last: Int)] = [:]
    func use(_ value: Int, _ step: Int, isWrite: Bool) {
        if isWrite { lives[value] = (step, step) } else { lives[value]?.last = step }
    }
    for (index, step) in plan.steps.enumerated() {
        switch step.action {
        case .run(let node) where plan.nodes[node].space == space:
            for operand in plan.nodes[node].operands { use(operand, index, isWrite: false) }
            for result in plan.nodes[node].results { use(result, index, isWrite: true) }
        case .run: break
        case .transfer(let value, let from, let to):
            if from == space { use(value, index, isWrite: false) }
            if to == space { use(value, index, isWrite: true) }
        }
    }
    let values = lives.keys.sorted()
    let arena = values.map { value in
        let isWanted = plan.values[value].wanted.contains(space)
        let life = lives[value] ?? (0, 0)
        return ArenaValue(bytes: 64 * (1 + value % 5), firstStep: life.first, lastStep: isWanted ? .max : life.last)
    }
    guard let layout = ArenaLayout.smallest(arena) else { return }
    for (index, value) in values.enumerated() {
        plan.places.append(
            .init(
                value: value, space: space, arena: space, offset: layout.offsets[index], bytes: arena[index].bytes))
    }
}
