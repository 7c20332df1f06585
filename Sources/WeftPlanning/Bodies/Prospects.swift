import WeftProvider

/// What the rules leave of the devices' offers, for a graph's nodes and for those of its bodies.
struct Prospects {
    /// The number of its graph: the caller's first, then each body's before those inside of it.
    let level: Int
    let offers: Offers
    let admission: Admission
    let choices: [[Choice]]
    let fusions: FusionChoice
    /// Those of the first device of the list that may run each node.
    let preferred: FusionChoice
    /// By the placer's bodies.
    let bodies: [Prospects]

    /// Whether every node, those of bodies included, may run on the host.
    func mayKeepToHost(_ spaces: MemorySpaces) -> Bool {
        choices.allSatisfy { $0.contains { spaces.isHost($0.device) } }
            && bodies.allSatisfy { $0.mayKeepToHost(spaces) }
    }

    /// Whether no node, those of bodies included, may run anywhere else.
    func keepsToHost(_ spaces: MemorySpaces) -> Bool {
        choices.allSatisfy { $0.allSatisfy { spaces.isHost($0.device) } }
            && bodies.allSatisfy { $0.keepsToHost(spaces) }
    }
}

/// Devices for each node of one graph, of one memory space each, and the fusions to choose from.
struct Settled {
    let choices: [[Choice]]
    let fusions: FusionChoice
    /// The fusions that the placement counts on.
    var counted: [FusionChoice.Candidate] = []
}

extension Placer {
    /// Throws `.unsupportedOperator` and `.placementForbidden` as `Admission` does.
    func prospects(_ offers: Offers) throws(WeftError) -> Prospects {
        var level = 0
        return try prospects(offers, &level)
    }

    private func prospects(_ offers: Offers, _ level: inout Int) throws(WeftError) -> Prospects {
        let number = level
        try LayoutConversions(offers: offers, spaces: spaces).check()
        let admission = Admission(offers, rules: rules, spaces: spaces)
        let choices = try admission.choices(units: dynamicUnits)
        let fusions = FusionChoice(offers.groups, choices: choices, pins: admission.pins, mode: .cost, spaces: spaces)
        let preferred = FusionChoice(
            offers.groups, choices: choices.map { Array($0.prefix(1)) }, pins: admission.pins, mode: .preference,
            spaces: spaces)
        var inner: [Prospects] = []
        for body in bodies {
            level += 1
            inner.append(try body.placer.prospects(body.offers, &level))
        }
        return Prospects(
            level: number, offers: offers, admission: admission, choices: choices, fusions: fusions,
            preferred: preferred, bodies: inner)
    }

    /// The draft that `settle` makes of each graph, bodies before what holds them.
    func draft(_ prospects: Prospects, _ settle: (Prospects) -> Settled) throws(WeftError) -> Draft {
        var inner: [Draft] = []
        for (body, prospects) in zip(bodies, prospects.bodies) {
            inner.append(try body.placer.draft(prospects, settle))
        }
        let settled = settle(prospects)
        return try drafter(prospects.offers, inner).draft(
            settled.choices, fusions: settled.fusions, counted: settled.counted)
    }

    /// Drafts this graph round bodies that are drafted.
    func drafter(_ offers: Offers, _ inner: [Draft]) -> Drafter {
        Drafter(
            graph, offers: offers, spaces: spaces, bodies: inner, works: works(inner), lent: lent, constants: constants)
    }
}
