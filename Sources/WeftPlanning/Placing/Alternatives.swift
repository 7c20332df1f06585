import WeftProvider

/// The drafts that simpler rules give for the same prospects; the chosen draft is compared with them.
struct Alternatives {
    /// All nodes on the host, by cost; nil if a node may not run there.
    let hostOnly: Draft?
    /// Each node in the space of its first device with memory of its own; nodes without one on the host, by cost.
    let deviceFirst: Draft
    /// Each node on the first device of the list that may run it, as other runtimes place by preference.
    let greedy: Draft

    init(_ drafter: Drafter, _ prospects: Prospects) throws(WeftError) {
        let spaces = drafter.spaces
        let choices = prospects.choices
        hostOnly =
            prospects.mayKeepToHost(spaces)
            ? try drafter.draft(
                choices.map { $0.filter { spaces.isHost($0.device) } }, fusions: prospects.fusions) : nil
        greedy = try drafter.draft(choices.map { Array($0.prefix(1)) }, fusions: prospects.preferred)
        if let hostOnly, prospects.keepsToHost(spaces) {
            deviceFirst = hostOnly
        } else {
            let first = choices.map { list in
                guard let device = list.first(where: { !spaces.isHost($0.device) }) else { return list }
                return list.filter { spaces.ofDevice[$0.device] == spaces.ofDevice[device.device] }
            }
            deviceFirst = try drafter.draft(first, fusions: prospects.fusions)
        }
    }
}
