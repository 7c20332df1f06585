/// Checks a finished plan by code that shares nothing with what made it.
package struct PlanVerifier {
    let plan: PlanDescription
    private(set) var violations: [PlanViolation] = []
    /// Per space and value, the step that brought it there; `given` if none had to, `never` if none did.
    private var arrival: [[Int]]

    /// Everything that is wrong with `plan`, in order of discovery; empty if it may run.
    package static func violations(of plan: PlanDescription) -> [PlanViolation] {
        var verifier = PlanVerifier(plan)
        guard verifier.checkIndices() else { return verifier.violations }
        verifier.checkNodes()
        verifier.checkDevices()
        verifier.checkPresence()
        verifier.checkPlaces()
        verifier.violations += PlanMemoryVerifier.violations(of: plan)
        verifier.checkCost()
        return verifier.violations
    }

    private init(_ plan: PlanDescription) {
        self.plan = plan
        arrival = []
    }

    private mutating func report(_ kind: PlanViolation.Kind, _ message: String) {
        violations.append(PlanViolation(kind: kind, message: message))
    }

    // MARK: Indices

    private mutating func checkIndices() -> Bool {
        func isValue(_ index: Int) -> Bool { plan.values.indices.contains(index) }
        for node in plan.nodes
        where node.space < 0 || !node.operands.allSatisfy(isValue) || !node.results.allSatisfy(isValue) {
            report(.malformed, "node '\(node.name)' names a value or space that does not exist")
        }
        for value in plan.values
        where value.given.contains(where: { $0 < 0 }) || value.wanted.contains(where: { $0 < 0 }) {
            report(.malformed, "value '\(value.name)' names a space that does not exist")
        }
        for (index, step) in plan.steps.enumerated() {
            let isKnown =
                switch step.action {
                case .run(let node): plan.nodes.indices.contains(node)
                case .transfer(let value, let from, let to): isValue(value) && from >= 0 && to >= 0 && from != to
                }
            if !isKnown { report(.malformed, "step \(index) names a node, value or space that does not exist") }
            if let wait = step.awaitedBy, wait <= index {
                report(.malformed, "step \(index) is awaited by step \(wait), which does not come after it")
            }
        }
        for (index, place) in plan.places.enumerated() {
            let end = place.offset.addingReportingOverflow(place.bytes)
            let names = [place.value] + [place.viewOf, place.replaces].compactMap { $0 }
            if place.offset < 0 || place.bytes < 0 || end.overflow || !names.allSatisfy(isValue) {
                report(.malformed, "place \(index) names a value that does not exist, or bytes that cannot be")
            }
        }
        return violations.isEmpty
    }

    // MARK: Nodes

    private mutating func checkNodes() {
        var runs = Array(repeating: 0, count: plan.nodes.count)
        for case .run(let node) in plan.steps.lazy.map(\.action) { runs[node] += 1 }
        for (index, node) in plan.nodes.enumerated() where runs[index] != 1 {
            if runs[index] == 0 {
                report(.nodeNeverRun, "node '\(node.name)' is run by no step")
            } else {
                report(.nodeRunTwice, "node '\(node.name)' is run by \(runs[index]) steps")
            }
        }
        var producer = Array(repeating: Int?.none, count: plan.values.count)
        for (index, node) in plan.nodes.enumerated() {
            for result in node.results {
                if let other = producer[result] {
                    report(
                        .valueYieldedTwice,
                        "value '\(plan.values[result].name)' is yielded by '\(plan.nodes[other].name)' and by '\(node.name)'"
                    )
                } else if !plan.values[result].given.isEmpty {
                    report(
                        .valueYieldedTwice,
                        "value '\(plan.values[result].name)' is given, and '\(node.name)' yields it")
                }
                producer[result] = index
            }
        }
        checkCycles(producer)
    }

    /// Strips nodes whose operands are all there, until none is left or all that are left wait for each other.
    private mutating func checkCycles(_ producer: [Int?]) {
        var waits = Array(repeating: 0, count: plan.nodes.count)
        // Readers of node n are `readers[first[n] ..< first[n + 1]]`.
        var first = Array(repeating: 0, count: plan.nodes.count + 2)
        for node in plan.nodes.indices {
            for operand in plan.nodes[node].operands {
                guard let source = producer[operand] else { continue }
                waits[node] += 1
                first[source + 2] += 1
            }
        }
        for node in plan.nodes.indices { first[node + 2] += first[node + 1] }
        var readers = Array(repeating: 0, count: first[plan.nodes.count + 1])
        for node in plan.nodes.indices {
            for operand in plan.nodes[node].operands {
                guard let source = producer[operand] else { continue }
                readers[first[source + 1]] = node
                first[source + 1] += 1
            }
        }
        var ready = plan.nodes.indices.filter { waits[$0] == 0 }
        var ordered = ready.count
        while let node = ready.popLast() {
            for reader in readers[first[node]..<first[node + 1]] {
                waits[reader] -= 1
                if waits[reader] == 0 {
                    ready.append(reader)
                    ordered += 1
                }
            }
        }
        guard ordered < plan.nodes.count else { return }
        let names = plan.nodes.indices.filter { waits[$0] > 0 }.prefix(8).map { "'\(plan.nodes[$0].name)'" }
        report(.cycle, "nodes on or behind a cycle: \(names.joined(separator: ", "))")
    }

    private mutating func checkDevices() {
        for node in plan.nodes {
            guard let device = node.device else { continue }
            if !node.able.contains(device) {
                report(.wrongDevice, "node '\(node.name)' is on device \(device), which does not run it")
            } else if !plan.spaceOfDevice.indices.contains(device) || plan.spaceOfDevice[device] != node.space {
                report(.wrongDevice, "node '\(node.name)' is in space \(node.space), which is not its device's")
            }
        }
    }

    private mutating func checkPlaces() {
        for place in plan.places {
            let value = plan.values[place.value]
            if let bytes = value.bytes, place.bytes < bytes {
                report(
                    .placeTooSmall,
                    "value '\(value.name)' takes \(bytes) bytes, its place in space \(place.space) has \(place.bytes)")
            }
            if let bytes = plan.arenas[place.arena], place.offset + place.bytes > bytes {
                report(
                    .placeOutside,
                    "value '\(value.name)' ends at byte \(place.offset + place.bytes) of arena \(place.arena), which has \(bytes)"
                )
            }
        }
    }

    // MARK: Presence

    private mutating func checkPresence() {
        var spaces = 0
        for node in plan.nodes { spaces = max(spaces, node.space + 1) }
        for value in plan.values {
            for space in value.given { spaces = max(spaces, space + 1) }
            for space in value.wanted { spaces = max(spaces, space + 1) }
        }
        for case .transfer(_, let from, let to) in plan.steps.lazy.map(\.action) {
            spaces = max(spaces, from + 1, to + 1)
        }
        arrival = Array(repeating: Array(repeating: PlanDescription.never, count: plan.values.count), count: spaces)
        for (index, value) in plan.values.enumerated() {
            for space in value.given { arrival[space][index] = PlanDescription.given }
        }

        for (index, step) in plan.steps.enumerated() {
            switch step.action {
            case .run(let number):
                let space = plan.nodes[number].space
                for operand in plan.nodes[number].operands {
                    require(operand, in: space, at: index)
                }
                for result in plan.nodes[number].results { arrival[space][result] = index }
            case .transfer(let value, let from, let to):
                require(value, in: from, at: index)
                if arrival[to][value] != PlanDescription.never {
                    report(
                        .transferRepeated,
                        "step \(index) brings '\(plan.values[value].name)' to space \(to), where it already is")
                }
                arrival[to][value] = index
            }
        }
        for (index, value) in plan.values.enumerated() {
            for space in value.wanted where arrival[space][index] == PlanDescription.never {
                report(.outputAbsent, "output '\(value.name)' is wanted in space \(space), but no step brings it there")
            }
        }
    }

    private mutating func require(_ value: Int, in space: Int, at step: Int) {
        let arrived = arrival[space][value]
        if arrived == PlanDescription.given { return }
        if arrived != PlanDescription.never, plan.isOver(arrived, before: step) { return }
        let name = plan.values[value].name
        let purpose =
            switch plan.steps[step].action {
            case .run(let node): "'\(plan.nodes[node].name)' reads it"
            case .transfer(_, _, let to): "it is brought to space \(to)"
            }
        if arrived == PlanDescription.never {
            report(.valueAbsent, "value '\(name)' is not in space \(space) at step \(step), where \(purpose)")
        } else {
            report(
                .valueNotAwaited,
                "value '\(name)' comes to space \(space) by step \(arrived), not awaited before step \(step), where \(purpose)"
            )
        }
    }

    // MARK: Cost

    private mutating func checkCost() {
        guard let seconds = plan.seconds, let host = plan.hostOnlySeconds else { return }
        // Both are sums of the same prices in different orders.
        guard !(seconds <= host * (1 + 1e-9)) else { return }
        report(.dearerThanHost, "the plan is predicted to take \(seconds) s, the host alone \(host) s")
    }
}
