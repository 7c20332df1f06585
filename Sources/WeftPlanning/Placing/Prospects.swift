/// The choices and fusions that the rules leave of the devices' offers.
struct Prospects {
    let admission: Admission
    /// By node, the devices that may run it, with their ways.
    let choices: [[Choice]]
    let fusions: FusionChoice
    /// The fusions by preference, with each node on the first device of the list that may run it.
    let preferred: FusionChoice

    /// Whether every node may run on the host.
    func mayKeepToHost(_ spaces: MemorySpaces) -> Bool {
        choices.allSatisfy { $0.contains { spaces.isHost($0.device) } }
    }

    /// Whether every node may run on the host only.
    func keepsToHost(_ spaces: MemorySpaces) -> Bool {
        choices.allSatisfy { $0.allSatisfy { spaces.isHost($0.device) } }
    }
}
