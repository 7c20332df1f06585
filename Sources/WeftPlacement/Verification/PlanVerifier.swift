/// Checks a finished plan with code that shares nothing with the code that made it.
package struct PlanVerifier {
    package let plan: PlanDescription
    package private(set) var violations: [PlanViolation] = []
    private var spaces = 0
    /// The step that brought value v to space s, at `v * spaces + s`; `given` if it was there at the start, or `never`.
    private var arrival: [Int] = []
    /// The values that the nodes read and make.
    private var operands = Rows()
    private var results = Rows()

    /// Everything that is wrong with `plan`, in order of discovery; empty if it may run.
    package static func violations(of plan: PlanDescription) -> [PlanViolation] {
        var verifier = PlanVerifier(plan)
        guard verifier.checkIndices() else { return verifier.violations }
        let producer = verifier.checkNodes()
        let order = verifier.violations.count
        verifier.checkDevices()
        verifier.checkLayouts()
        verifier.checkPresence()
        // If every node runs once, after all its operands were made, no nodes can wait for each other.
        if !verifier.violations.isEmpty, let cycle = verifier.cycle(producer) {
            verifier.violations.insert(cycle, at: order)
        }
        verifier.checkPlaces()
        verifier.violations += PlanMemoryVerifier.violations(of: plan)
        verifier.checkCost()
        return verifier.violations
    }

    private init(_ plan: PlanDescription) { self.plan = plan }

    /// The lists of all nodes, one after the other.
    private struct Rows {
        private(set) var items: [Int] = []
        private var ends: [Int] = []

        mutating func reserve(_ count: Int) {
            ends.reserveCapacity(count)
            items.reserveCapacity(count * 2)
        }

        mutating func append(_ item: Int) { items.append(item) }
        mutating func endRow() { ends.append(items.count) }

        func range(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }
    }

    /// How many spaces the plan names.
    private static func spaces(of plan: PlanDescription) -> Int {
        var last = 0
        for index in plan.nodes.indices { last = max(last, plan.nodes[index].space) }
        for index in plan.values.indices {
            for space in plan.values[index].given { last = max(last, space) }
            for space in plan.values[index].wanted { last = max(last, space) }
        }
        for step in plan.steps {
            if case .transfer(_, let from, let to) = step.action { last = max(last, from, to) }
        }
        return last + 1
    }

    private mutating func report(_ kind: PlanViolation.Kind, _ message: String) {
        violations.append(PlanViolation(kind: kind, message: message))
    }

    // MARK: Indices

    private mutating func checkIndices() -> Bool {
        let valueCount = plan.values.count
        func isValue(_ index: Int) -> Bool { index >= 0 && index < valueCount }
        operands.reserve(plan.nodes.count)
        results.reserve(plan.nodes.count)
        for node in plan.nodes.indices {
            var isSound = plan.nodes[node].space >= 0
            for value in plan.nodes[node].operands {
                isSound = isSound && isValue(value)
                operands.append(value)
            }
            operands.endRow()
            for value in plan.nodes[node].results {
                isSound = isSound && isValue(value)
                results.append(value)
            }
            results.endRow()
            isSound = isSound && plan.nodes[node].layouts.allSatisfy { isValue($0.value) }
            if !isSound {
                report(.malformed, "node '\(plan.name(ofNode: node))' names a value or space that does not exist")
            }
        }
        for value in plan.values.indices
        where plan.values[value].given.contains(where: { $0 < 0 })
            || plan.values[value].wanted.contains(where: { $0 < 0 })
        {
            report(.malformed, "value '\(plan.name(ofValue: value))' names a space that does not exist")
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

    /// Returns the node that makes each value; -1 where none does.
    private mutating func checkNodes() -> [Int] {
        var runs = Array(repeating: 0, count: plan.nodes.count)
        for step in plan.steps { if case .run(let node) = step.action { runs[node] += 1 } }
        for node in plan.nodes.indices where runs[node] != 1 {
            if runs[node] == 0 {
                report(.nodeNeverRun, "node '\(plan.name(ofNode: node))' is run by no step")
            } else {
                report(.nodeRunTwice, "node '\(plan.name(ofNode: node))' is run by \(runs[node]) steps")
            }
        }
        var producer = Array(repeating: -1, count: plan.values.count)
        for node in plan.nodes.indices {
            for slot in results.range(node) {
                let result = results.items[slot]
                if producer[result] >= 0 {
                    let other = plan.name(ofNode: producer[result])
                    report(
                        .valueYieldedTwice,
                        "value '\(plan.name(ofValue: result))' is yielded by '\(other)' and by '\(plan.name(ofNode: node))'"
                    )
                } else if !plan.values[result].given.isEmpty {
                    report(
                        .valueYieldedTwice,
                        "value '\(plan.name(ofValue: result))' is given, and '\(plan.name(ofNode: node))' yields it")
                }
                producer[result] = node
            }
        }
        return producer
    }

    private mutating func checkLayouts() {
        for node in plan.nodes.indices {
            for told in plan.nodes[node].layouts where plan.values[told.value].layout != told.layout {
                report(
                    .wrongLayout,
                    "node '\(plan.name(ofNode: node))' takes '\(plan.name(ofValue: told.value))' as \(told.layout), it is \(plan.values[told.value].layout)"
                )
            }
        }
    }

    /// Removes nodes whose operands all exist, until none is left or all that are left wait for each other.
    private func cycle(_ producer: [Int]) -> PlanViolation? {
        var waits = Array(repeating: 0, count: plan.nodes.count)
        var readers = [[Int]](repeating: [], count: plan.nodes.count)
        for node in plan.nodes.indices {
            for slot in operands.range(node) where producer[operands.items[slot]] >= 0 {
                waits[node] += 1
                readers[producer[operands.items[slot]]].append(node)
            }
        }
        var ready = plan.nodes.indices.filter { waits[$0] == 0 }
        while let node = ready.popLast() {
            for reader in readers[node] {
                waits[reader] -= 1
                if waits[reader] == 0 { ready.append(reader) }
            }
        }
        let names = plan.nodes.indices.filter { waits[$0] > 0 }.prefix(8).map { "'\(plan.name(ofNode: $0))'" }
        guard !names.isEmpty else { return nil }
        return PlanViolation(
            kind: .cycle, message: "nodes on or behind a cycle: \(names.joined(separator: ", "))")
    }

    private mutating func checkDevices() {
        for node in plan.nodes.indices {
            guard let device = plan.nodes[node].device else { continue }
            let space = plan.nodes[node].space
            if !plan.nodes[node].able.contains(device) {
                report(
                    .wrongDevice, "node '\(plan.name(ofNode: node))' is on device \(device), which does not run it")
            } else if !plan.spaceOfDevice.indices.contains(device) || plan.spaceOfDevice[device] != space {
                report(
                    .wrongDevice, "node '\(plan.name(ofNode: node))' is in space \(space), which is not its device's")
            }
        }
    }

    private mutating func checkPlaces() {
        for place in plan.places {
            let name = plan.name(ofValue: place.value)
            if let bytes = plan.values[place.value].bytes, place.bytes < bytes {
                report(
                    .placeTooSmall,
                    "value '\(name)' takes \(bytes) bytes, its place in space \(place.space) has \(place.bytes)")
            }
            if plan.values[place.value].bytes == nil, place.bytes == 0, place.viewOf == nil {
                report(
                    .placeTooSmall,
                    "value '\(name)' has a place of no bytes in space \(place.space), and what it takes is not known")
            }
            if let bytes = plan.arenas[place.arena], place.offset + place.bytes > bytes {
                report(
                    .placeOutside,
                    "value '\(name)' ends at byte \(place.offset + place.bytes) of arena \(place.arena), which has \(bytes)"
                )
            }
        }
    }

    // MARK: Presence

    private mutating func checkPresence() {
        spaces = Self.spaces(of: plan)
        arrival = Array(repeating: PlanDescription.never, count: spaces * plan.values.count)
        for value in plan.values.indices {
            for space in plan.values[value].given { arrival[value * spaces + space] = PlanDescription.given }
        }
        for index in plan.steps.indices {
            switch plan.steps[index].action {
            case .run(let node):
                let space = plan.nodes[node].space
                for slot in operands.range(node) { require(operands.items[slot], in: space, at: index) }
                for slot in results.range(node) { arrival[results.items[slot] * spaces + space] = index }
            case .transfer(let value, let from, let to):
                require(value, in: from, at: index)
                if arrival[value * spaces + to] != PlanDescription.never {
                    report(
                        .transferRepeated,
                        "step \(index) brings '\(plan.name(ofValue: value))' to space \(to), where it already is")
                }
                arrival[value * spaces + to] = index
            }
        }
        for value in plan.values.indices {
            for space in plan.values[value].wanted where arrival[value * spaces + space] == PlanDescription.never {
                report(
                    .outputAbsent,
                    "output '\(plan.name(ofValue: value))' is wanted in space \(space), but no step brings it there")
            }
        }
    }

    private mutating func require(_ value: Int, in space: Int, at step: Int) {
        let arrived = arrival[value * spaces + space]
        if arrived == PlanDescription.given { return }
        if arrived != PlanDescription.never, plan.isOver(arrived, before: step) { return }
        let name = plan.name(ofValue: value)
        let purpose =
            switch plan.steps[step].action {
            case .run(let node): "'\(plan.name(ofNode: node))' reads it"
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
        // Both are sums of the same prices, but in different orders, so that rounding may differ.
        guard !(seconds <= host * (1 + 1e-9)) else { return }
        report(.dearerThanHost, "the plan is predicted to take \(seconds) s, the host alone \(host) s")
    }
}
