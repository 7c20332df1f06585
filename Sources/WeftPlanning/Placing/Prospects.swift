/// What the rules leave of the devices' offers.
struct Prospects {
    let admission: Admission
    /// The devices that may run each node, and how.
    let choices: [[Choice]]
    let fusions: FusionChoice
    /// Those of the first device of the list that may run each node.
    let preferred: FusionChoice

    /// Whether every node may run on the host.
    func mayKeepToHost(_ spaces: MemorySpaces) -> Bool {
        choices.allSatisfy { $0.contains { spaces.isHost($0.device) } }
    }

    /// Whether no node may run anywhere else.
    func keepsToHost(_ spaces: MemorySpaces) -> Bool {
        choices.allSatisfy { $0.allSatisfy { spaces.isHost($0.device) } }
    }
}
