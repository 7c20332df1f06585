import WeftProvider

/// What simpler rules would make of the same offers: what a plan is held against.
struct Alternatives {
    /// Everything on the host, by cost; nil where a node cannot run there.
    let hostOnly: Draft?
    /// Whatever a device with memory of its own can run on the first such device, the rest on the host by cost.
    let deviceFirst: Draft
    /// Every node on the first of the list that runs it: how runtimes place by a list of preference.
    let greedy: Draft

    init(_ placer: Placer, _ prospects: Prospects) throws(WeftError) {
        let spaces = placer.spaces
        func isHost(_ choice: Choice) -> Bool { spaces.isHost(choice.device) }
        hostOnly =
            prospects.mayKeepToHost(spaces)
            ? try placer.draft(prospects) { .init(choices: $0.choices.map { $0.filter(isHost) }, fusions: $0.fusions) }
            : nil
        greedy = try placer.draft(prospects) {
            .init(choices: $0.choices.map { Array($0.prefix(1)) }, fusions: $0.preferred)
        }
        if let hostOnly, prospects.keepsToHost(spaces) {
            deviceFirst = hostOnly
        } else {
            deviceFirst = try placer.draft(prospects) { level in
                let first = level.choices.map { list in
                    guard let device = list.first(where: { !isHost($0) }) else { return list }
                    return list.filter { spaces.ofDevice[$0.device] == spaces.ofDevice[device.device] }
                }
                return .init(choices: first, fusions: level.fusions)
            }
        }
    }
}
