/// The part of the verifier that checks memory: no two values share bytes while both are needed.
struct PlanMemoryVerifier {
    /// A place with all its views: reading or writing any of them counts as a use of its bytes.
    private struct Tenant {
        let place: PlanDescription.Place
        /// Steps that read or write it, in order.
        package var uses: [Int] = []
        var isGiven = false
        var isWanted = false
        /// Values that the place or one of its views overwrites.
        var replaced: [Int] = []

        var firstUse: Int { isGiven ? PlanDescription.given : uses.first ?? PlanDescription.never }
        var end: Int { place.offset + place.bytes }
    }

    private struct Key: Hashable {
        let value: Int
        let space: Int
    }

    private let plan: PlanDescription
    private var violations: [PlanViolation] = []
    private var tenants: [Tenant] = []
    /// The tenant that a value belongs to in a space.
    private var tenant: [Key: Int] = [:]

    static func violations(of plan: PlanDescription) -> [PlanViolation] {
        guard !plan.places.isEmpty else { return [] }
        var verifier = PlanMemoryVerifier(plan: plan)
        verifier.findTenants()
        verifier.findUses()
        verifier.findConflicts()
        return verifier.violations
    }

    private init(plan: PlanDescription) { self.plan = plan }

    private mutating func report(_ kind: PlanViolation.Kind, _ message: String) {
        violations.append(PlanViolation(kind: kind, message: message))
    }

    private func name(_ value: Int) -> String { "'\(plan.name(ofValue: value))'" }

    // MARK: Tenants

    private mutating func findTenants() {
        var placeOf: [Key: Int] = [:]
        for (index, place) in plan.places.enumerated() {
            if placeOf.updateValue(index, forKey: Key(value: place.value, space: place.space)) != nil {
                report(.malformed, "value \(name(place.value)) has two places in space \(place.space)")
            }
        }
        for place in plan.places {
            guard let root = root(of: place, placeOf) else {
                report(.malformed, "value \(name(place.value)) is a view of a value without a place, or of itself")
                continue
            }
            let key = Key(value: root.value, space: root.space)
            let number = tenant[key] ?? tenants.count
            if number == tenants.count { tenants.append(Tenant(place: root)) }
            tenant[key] = number
            tenant[Key(value: place.value, space: place.space)] = number
            if let replaced = place.replaces { tenants[number].replaced.append(replaced) }
            let isInside =
                place.arena == root.arena && place.offset >= root.offset
                && place.offset + place.bytes <= root.offset + root.bytes
            if !isInside {
                report(.viewOutside, "view \(name(place.value)) lies outside of \(name(root.value)), which it views")
            }
        }
    }

    private func root(of place: PlanDescription.Place, _ placeOf: [Key: Int]) -> PlanDescription.Place? {
        var place = place
        for _ in 0...plan.places.count {
            guard let parent = place.viewOf else { return place }
            guard let index = placeOf[Key(value: parent, space: place.space)] else { return nil }
            place = plan.places[index]
        }
        return nil
    }

    // MARK: Uses

    private mutating func findUses() {
        func use(_ value: Int, _ space: Int, _ step: Int) {
            guard let number = tenant[Key(value: value, space: space)] else { return }
            if tenants[number].uses.last != step { tenants[number].uses.append(step) }
        }
        for (index, step) in plan.steps.enumerated() {
            switch step.action {
            case .run(let number):
                let space = plan.nodes[number].space
                for value in plan.nodes[number].operands { use(value, space, index) }
                for value in plan.nodes[number].results { use(value, space, index) }
                for touch in plan.nodes[number].touches { use(touch.value, touch.space, index) }
            case .transfer(let value, let from, let to):
                use(value, from, index)
                use(value, to, index)
            }
        }
        for (key, number) in tenant {
            if plan.values[key.value].given.contains(key.space) { tenants[number].isGiven = true }
            if plan.values[key.value].wanted.contains(key.space) { tenants[number].isWanted = true }
        }
    }

    // MARK: Conflicts

    private mutating func findConflicts() {
        let order = tenants.indices.filter {
            tenants[$0].firstUse != PlanDescription.never && tenants[$0].place.bytes > 0
        }
        .sorted { (tenants[$0].firstUse, $0) < (tenants[$1].firstUse, $1) }
        var active: [Int: [(tenant: Int, release: Int)]] = [:]
        for number in order {
            let later = tenants[number]
            var living = active[later.place.arena] ?? []
            living.removeAll { $0.release <= later.firstUse }
            for (other, _) in living {
                let earlier = tenants[other]
                let doOverlap = earlier.place.offset < later.end && later.place.offset < earlier.end
                guard doOverlap, !isOver(earlier, for: later) else { continue }
                let held = "bytes \(earlier.place.offset)..<\(earlier.end) of arena \(earlier.place.arena)"
                let written = "\(name(later.place.value)) (\(later.place.offset)..<\(later.end))"
                report(
                    .memoryShared,
                    "\(name(earlier.place.value)) (\(held)) is still needed when step \(later.firstUse) writes \(written)"
                )
            }
            living.append((number, finalRelease(of: later)))
            active[later.place.arena] = living
        }
    }

    /// The first step, in any lane, at which the tenant is no longer needed.
    private func finalRelease(of tenant: Tenant) -> Int {
        if tenant.isWanted { return PlanDescription.never }
        return tenant.uses.reduce(0) { max($0, plan.release(of: $1)) }
    }

    /// Whether every use of one tenant is over before the other is first written, or is the write that replaces it.
    private func isOver(_ earlier: Tenant, for later: Tenant) -> Bool {
        guard !earlier.isWanted, !later.isGiven else { return false }
        let write = later.firstUse
        let root = tenant[Key(value: earlier.place.value, space: earlier.place.space)]
        let isReplaced =
            earlier.place.offset == later.place.offset && earlier.place.space == later.place.space
            && later.replaced.contains { tenant[Key(value: $0, space: later.place.space)] == root }
        return earlier.uses.allSatisfy { use in
            plan.isOver(use, before: write) || (isReplaced && use == write && earlier.firstUse < write)
        }
    }
}
