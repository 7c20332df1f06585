import WeftProvider

/// What simpler rules would make of the same offers: what a plan is held against.
struct Alternatives {
    /// Everything on the host, by cost; nil where a node cannot run there.
    let hostOnly: Draft?
    /// Whatever a device with memory of its own can run on the first such device, the rest on the host by cost.
    let deviceFirst: Draft
    /// Every node on the first of the list that runs it: how runtimes place by a list of preference.
    let greedy: Draft

    /// `choices` are all that the rules allow but for the order of the list.
    init(
        _ drafter: Drafter, choices: [[Choice]], fusions: FusionChoice, preferred: FusionChoice, spaces: MemorySpaces
    ) throws(WeftError) {
        func isHost(_ choice: Choice) -> Bool { spaces.isHost(choice.device) }
        let host = choices.map { $0.filter(isHost) }
        let hostOnly = host.contains { $0.isEmpty } ? nil : try drafter.draft(host, fusions: fusions)
        greedy = try drafter.draft(choices.map { Array($0.prefix(1)) }, fusions: preferred)
        let isSplit = choices.contains { !$0.allSatisfy(isHost) }
        if let hostOnly, !isSplit {
            deviceFirst = hostOnly
        } else {
            let first = choices.map { list in
                guard let device = list.first(where: { !isHost($0) }) else { return list }
                return list.filter { spaces.ofDevice[$0.device] == spaces.ofDevice[device.device] }
            }
            deviceFirst = try drafter.draft(first, fusions: fusions)
        }
        self.hostOnly = hostOnly
    }
}
