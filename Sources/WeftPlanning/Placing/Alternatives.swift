import WeftProvider

/// What simpler rules would make of the same offers: what a plan is held against.
struct Alternatives {
    /// Everything on the host, by cost; nil where a node cannot run there.
    let hostOnly: Draft?
    /// Whatever a device with memory of its own can run on the first such device, the rest on the host by cost.
    let deviceFirst: Draft
    /// Every node on the first of the list that runs it: how runtimes place by a list of preference.
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
